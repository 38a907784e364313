"""Makes senders for a load test: accounts of the demo's people, a token each, and what each would ask for."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from motcua.identity.states import Scope
from motcua.identity.tokens import issue_token
from motcua.site.demo.accounts import citizen_account, refuse_outside_demo
from motcua.site.demo.prepare import folder
from motcua.site.load.senders import Sender, Senders

LIFETIME = timedelta(days=7)
PROCEDURE = "travel_pass"


class TooFewPeople(ValueError):
    """The demo city has fewer people who may ask than were wanted."""


def prepare(*, path: Path, people: int, seed: int, now: datetime) -> int:
    """Make an account and a token for each of ``people`` and write the file; return how many.

    Raises ``NotADemo``, ``FileNotFoundError`` when there is no demo city yet, and ``TooFewPeople``.
    """
    refuse_outside_demo()
    applicants = json.loads((folder() / "applicants.json").read_text(encoding="utf-8"))
    if people > len(applicants):
        raise TooFewPeople(
            f"The demo city has {len(applicants)} people who may ask; give --people up to that."
        )
    choose = Random(seed)  # noqa: S311 - a repeatable choice, no secret
    senders = [
        _sender(order, applicant, choose, now)
        for order, applicant in enumerate(choose.sample(applicants, people))
    ]
    text = Senders(procedure=PROCEDURE, senders=tuple(senders)).model_dump_json(indent=1)
    _write_for_our_eyes(path, text)
    return len(senders)


def _sender(order: int, applicant: dict[str, str], choose: Random, now: datetime) -> Sender:
    account = citizen_account({**applicant, "sub": f"demo-load-{applicant['number']}"}, now=now)
    token = issue_token(
        login=account.login, scope=frozenset({Scope.SUBMISSIONS}), label="load", lifetime=LIFETIME, now=now
    )
    return Sender(
        tenant=f"tenant-{order + 1:04d}",
        token=token.text,
        values={
            "capacity": applicant["capacity"],
            "employer_tax_code": applicant["tax_code"],
            "work_place": applicant["work_place"],
            "needed_from": "{tomorrow}",
            "days_needed": choose.choice((3, 5, 7, 7, 10, 14)),
            "shift": "day" if choose.random() < 0.85 else "night",
            "vehicle": "none",
            "truthful": True,
        },
    )


def _write_for_our_eyes(path: Path, text: str) -> None:
    """Write the file so that no other account of the machine can read its tokens."""
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
