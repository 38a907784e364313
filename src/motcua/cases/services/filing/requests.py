"""What is handed in to be filed, and what becomes of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from motcua.cases.states import Channel
from motcua.identity.people import PersonView
from motcua.procedures.queries import ProcedureView


class KeyReused(ValueError):
    """The key was used before for another content; take a new key for a new request."""


class SubmissionInFlight(RuntimeError):
    """The same key is being submitted at this moment; ask again for its answer."""


@dataclass(frozen=True, slots=True)
class Requested:
    """One request: what is asked, for whom, by which account, and the key under which it happens once.

    With ``discards_draft`` the account's draft of the procedure goes in the same transaction, so that no crash
    leaves a filed case beside a draft of its own. With ``on_behalf`` the history says that the account filed it, not
    the applicant.
    """

    procedure: ProcedureView
    values: Mapping[str, object]
    applicant: PersonView
    account_id: int
    channel: Channel
    key: str
    discards_draft: bool = False
    on_behalf: bool = False

    @property
    def actor(self) -> str:
        """Return who filed it, as the history and the ledger name them."""
        return f"account:{self.account_id}" if self.on_behalf else "citizen"


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a submission; ``repeated`` when the key had been used for the same content.

    ``qr`` is the text of the credential that stands, if there is one.
    """

    number: str
    state: str
    answer: str
    repeated: bool
    qr: str | None = None


def body_sha256(procedure_code: str, values: Mapping[str, object]) -> bytes:
    """Return the hash that tells one content from another, whatever the order of its keys."""
    whole = {"procedure": procedure_code, "data": values}
    return hashlib.sha256(_in_order(whole).encode()).digest()


# Made once: json.dumps would make it anew for each text.
_in_order = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
