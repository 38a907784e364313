"""Files requests: once per key, with facts, decision and credential in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from motcua.agencies.queries import AgencyView, PlaceNotKnown, agency, place_at
from motcua.calendars import vietnam
from motcua.cases.events import CaseFiled
from motcua.cases.facts import Gathered, gather
from motcua.cases.models import Case, CaseEntry, Submission
from motcua.cases.numbers import LOCAL, next_number
from motcua.cases.services.filing.requests import (
    Filed,
    KeyReused,
    Requested,
    SubmissionInFlight,
    body_sha256,
)
from motcua.cases.services.settle import settle
from motcua.cases.states import Channel
from motcua.events.services import publish
from motcua.identity.people import PersonView
from motcua.procedures.content import Bilingual, Form
from motcua.procedures.forms import FormRefused, check_values
from motcua.procedures.queries import ProcedureView


@transaction.atomic
def file_case(
    *,
    procedure: ProcedureView,
    values: Mapping[str, object],
    applicant: PersonView,
    account_id: int,
    channel: Channel,
    key: str,
    now: datetime,
) -> Filed:
    """File a request, ask the registers, decide, and return what became of it.

    The same key with the same content returns the first answer again. Raises ``KeyReused``,
    ``SubmissionInFlight``, and ``FormRefused`` with a message a field; then nothing is stored.
    """
    sha256 = body_sha256(procedure.code, values)
    earlier = _earlier(account_id, key, sha256)
    if earlier is not None:
        return earlier
    cleaned = check_values(procedure.content.form, values)
    _refuse_unknown_places(procedure.content.form, cleaned, now.astimezone(LOCAL).date())
    office = agency(procedure.content.manifest.agency)
    number = next_number(now)
    gathered = gather(
        content=procedure.content,
        values=cleaned,
        person_key=applicant.key,
        case_number=number,
        agency_path=office.path,
        now=now,
        today=now.astimezone(LOCAL).date(),
    )
    case = _open_case(
        number=number,
        procedure=procedure,
        office=office,
        place=_place(procedure.content.manifest.place, gathered, office.place_path, now),
        applicant=applicant,
        account_id=account_id,
        channel=channel,
        values=cleaned,
        now=now,
    )
    Submission.objects.create(
        account_id=account_id, key=key, body_sha256=sha256, case_number=number, submitted_at=now
    )
    settle(case, procedure=procedure, gathered=gathered, now=now)
    return Filed(number, case.state, case.answer, repeated=False)


def _open_case(
    *,
    number: str,
    procedure: ProcedureView,
    office: AgencyView,
    place: tuple[str, str],
    applicant: PersonView,
    account_id: int,
    channel: Channel,
    values: Mapping[str, object],
    now: datetime,
) -> Case:
    """Write the case down in the first state of its workflow, and tell the ledger."""
    workflow = procedure.content.workflow
    place_code, place_path = place
    case = Case.objects.create(
        agency_path=office.path,
        place_path=place_path,
        place_code=place_code,
        filed_on=now.astimezone(LOCAL).date(),
        number=number,
        filed_at=now,
        due_at=vietnam().after(now, working_hours=procedure.content.manifest.within_working_hours),
        changed_at=now,
        procedure_code=procedure.code,
        revision_id=procedure.revision_id,
        applicant_id=applicant.id,
        account_id=account_id,
        channel=channel,
        values=dict(values),
        state=workflow.start,
        phase=workflow.states[workflow.start].phase,
    )
    CaseEntry.objects.create(
        case_number=number, happened_at=now, act="file", to_state=case.state, actor="citizen"
    )
    publish(
        CaseFiled(
            happened_at=now,
            agency_path=office.path,
            subject=number,
            actor="citizen",
            procedure=procedure.code,
            revision=procedure.number,
            channel=channel.value,
            place=place_code,
        )
    )
    return case


def _earlier(account_id: int, key: str, sha256: bytes) -> Filed | None:
    """Hold the key until the transaction ends; return what it became if it was used before."""
    lock = hashlib.sha256(f"{account_id}/{key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(lock[:8], "big", signed=True)])
        if not cursor.fetchone()[0]:
            raise SubmissionInFlight(key)
    submission = Submission.objects.filter(account_id=account_id, key=key).first()
    if submission is None:
        return None
    if bytes(submission.body_sha256) != sha256:
        raise KeyReused(key)
    case = Case.objects.get(number=submission.case_number)
    return Filed(case.number, case.state, case.answer, repeated=True)


def _refuse_unknown_places(form: Form, values: Mapping[str, object], on: date) -> None:
    """Raise ``FormRefused`` for a code that is no place on that day: the form alone cannot know them."""
    errors = {}
    for field in form.fields:
        code = values.get(field.name)
        if field.widget == "place" and code is not None:
            try:
                place_at(str(code), on)
            except PlaceNotKnown:
                errors[field.name] = Bilingual(
                    vi=f"Mục “{field.label.vi}” không phải mã của một phường, xã hiện nay. Chọn trong danh sách.",
                    en=f"“{field.label.en}” is not the code of a place of today. Choose one of the list.",
                )
    if errors:
        raise FormRefused(errors)


def _place(pointer: str | None, gathered: Gathered, office_place: str, now: datetime) -> tuple[str, str]:
    """Return code and path of the place the case belongs to: that of the office when it is not known."""
    code = gathered.value_of(pointer) if pointer else None
    if isinstance(code, str):
        try:
            place = place_at(code, now.astimezone(LOCAL).date())
        except PlaceNotKnown:
            return "", office_place
        return place.code, place.path
    return "", office_place


@transaction.atomic
def file_together(submissions: Sequence[Requested], *, now: datetime) -> list[Filed | Exception]:
    """File requests in one transaction and return, in their order, what became of each.

    A refusal stands in the place of its request as the exception that ``file_case`` would raise; the
    neighbours of a refused request are filed all the same.
    """
    outcomes: list[Filed | Exception] = []
    for wanted in submissions:
        try:
            outcomes.append(
                file_case(
                    procedure=wanted.procedure,
                    values=wanted.values,
                    applicant=wanted.applicant,
                    account_id=wanted.account_id,
                    channel=wanted.channel,
                    key=wanted.key,
                    now=now,
                )
            )
        except (OperationalError, InterfaceError):
            raise
        # Whatever is wrong with one request is told to the one who sent it, and harms no other.
        except Exception as refusal:  # noqa: BLE001
            outcomes.append(refusal)
    return outcomes
