"""What faults_switch.py has done in processes of their own: fill the city, carry a switch, undo it, read the end."""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
# Small parts, so that there are many moments to die at.
CASES_A_PART = 100


def act(name: str, words: list[str]) -> int:
    """Do one thing; what it says goes to the standard output."""
    from motcua.site import postgres

    if name == "stop":
        postgres.stop()
        return 0
    if name == "server":
        postgres.ensure_running()
        return 0
    if name == "fill":
        postgres.ensure_running()
    import django

    django.setup()
    said = _ACTS[name](words)
    sys.stdout.write(f"{said}\n")
    return 0


def _fill(words: list[str]) -> str:
    """Make the city, try the next directive out and confirm it; say switch, moment and effects."""
    from motcua.directives.models import Directive
    from motcua.directives.services import change, confirm, schedule
    from motcua.identity.models import Account
    from motcua.site import database
    from motcua.site.demo.law import NEXT
    from motcua.site.demo.prepare import prepare as prepare_city
    from motcua.switching.dryrun import run, start
    from motcua.switching.models import Effect, Switch
    from motcua.switching.switch import start_due

    people, requests = map(int, words)
    now = datetime.now(UTC).replace(microsecond=0)
    database.migrate(verbosity=0)
    prepare_city(now=now, people=people, submissions=0)
    _file(requests, now - timedelta(minutes=10))
    chair, deputy = (Account.objects.get(login=login) for login in ("lanhdao", "lanhdao.hai"))
    text = NEXT.read_text(encoding="utf-8")
    # The demo has it as a draft already.
    directive_id, seen = Directive.objects.values_list("pk", "sha256").get(begun_at__isnull=True)
    change(
        directive_id=directive_id,
        text=_beginning(text, now),
        seen_sha256=seen,
        account_id=chair.pk,
        now=now,
    )
    run_id = start(directive_id=directive_id, account_id=chair.pk, now=now)
    if run(run_id=run_id, now=now) != "done":
        raise RuntimeError("the dry run failed")
    moment = now + timedelta(seconds=1)
    schedule(directive_id=directive_id, dry_run_id=run_id, at=moment, account_id=chair.pk, now=now)
    confirm(directive_id=directive_id, account_id=deputy.pk, now=now)
    start_due(now=moment)
    effects = Effect.objects.filter(run_id=run_id).count()
    return f"{Switch.objects.get().pk} {moment.isoformat()} {effects}"


def _file(count: int, now: datetime) -> None:
    """Let people of the city ask for so many travel passes, as they would in the days before."""
    import json

    from django.utils import timezone

    from motcua.cases.services import Requested, file_together
    from motcua.cases.states import Channel
    from motcua.identity.people import person_of
    from motcua.procedures.queries import procedure_in_force
    from motcua.site.demo.accounts import citizen_account
    from motcua.site.demo.prepare import folder

    procedure = procedure_in_force("travel_pass")
    applicants = json.loads((folder() / "applicants.json").read_text(encoding="utf-8"))
    accounts = [
        citizen_account({**applicant, "sub": f"faults-{number}"}, now=now)
        for number, applicant in enumerate(applicants)
    ]
    people = [person_of(account) for account in accounts]
    askers = list(range(len(people)))

    def request(number: int) -> Requested:
        place = askers[number % len(askers)]
        applicant, account = applicants[place], accounts[place]
        values = {
            "capacity": applicant["capacity"],
            "employer_tax_code": applicant["tax_code"],
            "work_place": applicant["work_place"],
            "needed_from": timezone.localdate(now).isoformat(),
            "days_needed": 14,
            "shift": "day",
            "vehicle": "none",
            "truthful": True,
        }
        return Requested(procedure, values, people[place], account.pk, Channel.ONLINE, f"faults-{number}")

    filed = file_together([request(number) for number in askers], now=now)
    # Who has a pass asks for more of them: a person is told of all at once.
    askers = [place for place, each in zip(askers, filed, strict=True) if getattr(each, "qr", None)]
    numbers = range(len(people), count)
    for first in range(0, len(numbers), 200):
        file_together([request(number) for number in numbers[first : first + 200]], now=now)


def _beginning(text: str, now: datetime) -> str:
    """Return the directive's text to begin now, with some places red and of some nothing said: all may happen."""
    from motcua.directives.content import Stated, read_directive
    from motcua.directives.law import law_at
    from motcua.directives.writing import with_beginning, with_parameters
    from motcua.site.demo.law import COLOR

    content = read_directive(with_beginning(read_directive(text, "08.yaml"), now), "08.yaml")
    colors = {code: each.text for code, each in sorted(law_at(now).column(COLOR).items()) if each is not None}
    places = {
        code: "red" if at % 9 == 4 else color
        for at, (code, color) in enumerate(colors.items())
        if at % 11 != 5
    }
    return with_parameters(content, {**content.parameters, COLOR: Stated(places=places)})


def _carry(words: list[str]) -> str:
    from motcua.switching import parts
    from motcua.switching.switch import execute

    parts.CASES_A_PART = CASES_A_PART
    state = execute(UUID(words[0]), datetime.fromisoformat(words[1]))
    if state != "done":
        raise RuntimeError(f"the switch is {state}: {_why()}")
    return state


def _why() -> object:
    from motcua.switching.models import Switch

    return Switch.objects.get().why_stopped


def _ask_undo(words: list[str]) -> str:
    from motcua.identity.models import Account
    from motcua.switching.undo import undo

    now = datetime.fromisoformat(words[1]) + timedelta(hours=1)
    undo(switch_id=UUID(words[0]), account_id=Account.objects.get(login="lanhdao").pk, now=now)
    return "asked"


def _carry_back(words: list[str]) -> str:
    from motcua.switching.switch import execute

    state = execute(UUID(words[0]), datetime.fromisoformat(words[1]) + timedelta(hours=1))
    if state != "undone":
        raise RuntimeError(f"the switch is {state}")
    return state


def _read(_words: list[str]) -> str:
    """Say the digest of everything, the digest of where everybody stands, and whether the ledger is whole."""
    from switch_digest import digest_of

    from motcua.events.queries import verify_ledger

    bad = verify_ledger()
    ledger = "whole" if bad is None else "BROKEN"
    return f"{digest_of()} {digest_of(without_history=True)} {ledger}"


_ACTS: Mapping[str, Callable[[list[str]], str]] = {
    "fill": _fill,
    "carry": _carry,
    "ask_undo": _ask_undo,
    "carry_back": _carry_back,
    "read": _read,
}
