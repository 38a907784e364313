"""Where this installation keeps its keys and whom it believes: the folder ``signing`` among the secrets."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper

from .signing import keystore
from .signing.local import STAMPS, LocalAuthority
from .signing.time_stamps import OwnTimeStamps, time_stamps_at
from .signing.trust import Trust, read_trust

OWN = "own"


class TimeStampsNotChosen(RuntimeError):
    """The site does not say who stamps the time."""


def signing_folder() -> Path:
    """Return the folder of signing."""
    return Path(settings.SECRETS_DIR) / "signing"


def local_authority() -> LocalAuthority:
    """Return the local authority, which may not exist yet."""
    return LocalAuthority(signing_folder())


def keys_folder() -> Path:
    """Return the folder of keys."""
    return local_authority().keys


def trust_now(now: datetime) -> Trust:
    """Return whom to believe; the list of a local authority is published anew when it is a day old."""
    local = local_authority()
    if local.exists:
        local.renew(now=now)
    return read_trust(signing_folder() / "trust")


def stamps_for(now: datetime) -> TimeStamper:
    """Return who stamps the time: an authority at an address, or, for a demo, a key of our own.

    Raises ``TimeStampsNotChosen``.
    """
    chosen = settings.TIME_STAMPS
    if chosen == OWN:
        return OwnTimeStamps(keystore.fetch(keys_folder(), STAMPS), now)
    if chosen.startswith(("http://", "https://")):
        return time_stamps_at(chosen)
    raise TimeStampsNotChosen(
        "MOTCUA_TIME_STAMPS names no authority of time stamps; give its address, and see docs/how-to/configure.md"
    )
