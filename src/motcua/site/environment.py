"""What the environment says, read without Django, so that the supervisor can use it before any of it is loaded."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

DatabaseRole = Literal["owner", "app"]

# sockaddr_un holds 108 bytes with the closing zero; PostgreSQL adds this name to the folder.
_SOCKET_NAME = "/.s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 107


def data_dir() -> Path:
    """Return the folder that holds everything this installation writes (``MOTCUA_DATA_DIR``, else ``./var``)."""
    return Path(os.environ.get("MOTCUA_DATA_DIR", "var")).resolve()


def secrets_dir() -> Path:
    """Return the folder of keys (``MOTCUA_SECRETS_DIR``, else ``secrets`` in the data folder)."""
    return Path(os.environ.get("MOTCUA_SECRETS_DIR", data_dir() / "secrets")).resolve()


def is_demo() -> bool:
    """Tell whether this is the demonstration city, whose accounts anyone may use."""
    return os.environ.get("MOTCUA_DEMO") == "1"


def uses_embedded_database() -> bool:
    """Tell whether we run PostgreSQL ourselves: yes unless ``DATABASE_URL`` names a server."""
    return not os.environ.get("DATABASE_URL")


def socket_folder() -> Path:
    """Return where the embedded server listens: the data folder, or a short path when that one is too long."""
    folder = data_dir() / "postgres" / "socket"
    if len(os.fsencode(f"{folder}{_SOCKET_NAME}")) <= _LONGEST_SOCKET_PATH:
        return folder
    digest = sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(gettempdir()) / f"motcua-{os.getuid()}-{digest}"


def embedded_url(user: str, database: str = "motcua") -> str:
    """Return the address of the embedded server for ``user``."""
    return f"postgresql://{user}@/{database}?host={quote(str(socket_folder()))}"


def database_url(role: DatabaseRole) -> str:
    """Return the address under which ``role`` works with the database.

    Raises ``OwnerAddressMissing`` when the server is yours and only the application's address is given.
    """
    if uses_embedded_database():
        return embedded_url("motcua_owner" if role == "owner" else "motcua_app")
    if role == "app":
        return os.environ["DATABASE_URL"]
    if not os.environ.get("DATABASE_OWNER_URL"):
        raise OwnerAddressMissing
    return os.environ["DATABASE_OWNER_URL"]


class OwnerAddressMissing(Exception):
    """The role that migrates is not known."""

    def __str__(self) -> str:
        """Say which variable is missing and why it exists."""
        return (
            "DATABASE_URL is set but DATABASE_OWNER_URL is not. Migrating needs the role that owns the tables; "
            "the role in DATABASE_URL must not be able to change the ledger. Set DATABASE_OWNER_URL."
        )


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """The parts of a PostgreSQL URL; ``host`` may be a socket folder."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: dict[str, str]


def parse_database_url(url: str) -> DatabaseAddress:
    """Take a PostgreSQL URL apart; ``?host=`` wins over the authority, as in libpq."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return DatabaseAddress(
        name=unquote(parts.path.lstrip("/")) or "motcua",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=query.pop("host", parts.hostname or ""),
        port=str(parts.port or query.pop("port", "")),
        options=query,
    )
