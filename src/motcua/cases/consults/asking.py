"""Puts the questions of a state to their agencies as a case comes to it, and takes them back as it leaves."""

from collections.abc import Collection
from datetime import datetime

from motcua.agencies.queries import AgencyNotKnown, AgencyView, agencies_by_code
from motcua.calendars import vietnam
from motcua.cases.consults.models import CaseSight, Consultation
from motcua.cases.events import AgencyConsulted
from motcua.cases.models import Case
from motcua.events.services import publish
from motcua.procedures.content import State


def ask_agencies(case: Case, state: State, *, now: datetime) -> None:
    """Ask every agency that the state consults; their officers may read the case from now on.

    Raises ``AgencyNotKnown`` for one that is not registered.
    """
    if not state.consults:
        return
    offices = agencies_by_code({consult.agency for consult in state.consults})
    missing = [consult.agency for consult in state.consults if consult.agency not in offices]
    if missing:
        raise AgencyNotKnown(f"No agency has the code {missing[0]}; register it first")
    calendar = vietnam()
    Consultation.objects.bulk_create(
        Consultation(
            case_number=case.number,
            code=consult.code,
            agency_code=consult.agency,
            agency_path=offices[consult.agency].path,
            place_path=case.place_path,
            asked_at=now,
            due_at=calendar.after(now, working_hours=consult.within_working_hours or 0),
        )
        for consult in state.consults
    )
    let_read(case, {office.path for office in offices.values()}, now=now)
    for consult in state.consults:
        _tell(case, consult.code, offices[consult.agency], now)


def take_back(case: Case, *, now: datetime) -> int:
    """Take back what nobody has answered yet, because the case goes elsewhere; return how many questions that were."""
    return Consultation.objects.open().filter(case_number=case.number).update(taken_back_at=now)


def let_read(case: Case, agency_paths: Collection[str], *, now: datetime) -> None:
    """Let these agencies read the case, whoever has it."""
    CaseSight.objects.bulk_create(
        (
            CaseSight(case_number=case.number, agency_path=path, place_path=case.place_path, since=now)
            for path in sorted(agency_paths)
        ),
        ignore_conflicts=True,
    )


def _tell(case: Case, code: str, office: AgencyView, now: datetime) -> None:
    publish(
        AgencyConsulted(
            happened_at=now,
            agency_path=office.path,
            subject=case.number,
            actor="machine",
            consult=code,
        )
    )
