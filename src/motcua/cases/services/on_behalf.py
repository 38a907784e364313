"""Filing for somebody else: an officer or a helper acts, and the case is the applicant's."""

from collections.abc import Mapping
from datetime import date, datetime

from motcua.agencies.queries import agency
from motcua.cases import intake
from motcua.cases.counter.models import OnBehalf
from motcua.cases.services.filing import Filed, Requested
from motcua.cases.states import Channel
from motcua.identity.people import person
from motcua.identity.rights import Grant, Rights, rights_of
from motcua.identity.sealing import seal
from motcua.identity.states import PURPOSES, Purpose
from motcua.procedures.queries import procedure_in_force

PHONE_SEALED_FOR = "telephone of an applicant"


class MayNotFileForOthers(PermissionError):
    """The account has no appointment by which it receives requests for this service's province."""


class ArrivalNotPossible(ValueError):
    """What comes by post has come, on a day that is not in the future; nothing else has such a day."""


def file_for_person(
    *,
    code: str,
    person_id: int,
    values: Mapping[str, object],
    account_id: int,
    channel: Channel,
    key: str,
    now: datetime,
    today: date,
    phone: str = "",
    arrived_on: date | None = None,
    purpose: Purpose = Purpose.RECEIVE_CASES,
) -> Filed:
    """File a request of the person by the account's hand, once for each key, and note who did.

    It takes the same way as one that the person files; the history names the account, the case is the person's.
    Who may: an account that serves ``purpose`` now, at an agency of the same province as the service (Decree
    118/2025/ND-CP: what is received does not depend on where in the province one lives or the office is).
    Raises ``MayNotFileForOthers``, ``ArrivalNotPossible``, ``NoSuchProcedure`` and what ``intake.submit`` raises.
    """
    if (arrived_on is not None) != (channel is Channel.POST) or (arrived_on and arrived_on > today):
        raise ArrivalNotPossible(f"{channel.value}, {arrived_on}")
    procedure = procedure_in_force(code)
    office = agency(procedure.content.manifest.agency).path
    grant = grant_to_receive(rights_of(account_id, now), office, purpose)
    filed = intake.submit(
        Requested(
            procedure=procedure,
            values=values,
            applicant=person(person_id),
            account_id=account_id,
            channel=channel,
            key=key,
            on_behalf=True,
        )
    )
    # After the case, which the intake files in a transaction of its own: the same key again gives the case again,
    # and a crash between the two is mended by it.
    OnBehalf.objects.get_or_create(
        case_number=filed.number,
        defaults={
            "account_id": account_id,
            "agency_path": grant.agency_path,
            "channel": channel,
            "arrived_on": arrived_on,
            "phone_sealed": seal(phone.encode(), PHONE_SEALED_FOR) if phone else b"",
            "filed_at": now,
        },
    )
    return filed


def grant_to_receive(rights: Rights, service_path: str, purpose: Purpose = Purpose.RECEIVE_CASES) -> Grant:
    """Return the appointment by which requests for a service of that agency are received.

    The whole province is one counter: only the first label of the agency's path has to agree, and no place is looked
    at. Raises ``MayNotFileForOthers``.
    """
    province = service_path.partition(".")[0]
    for grant in rights.grants:
        if purpose in PURPOSES[grant.role] and grant.agency_path.partition(".")[0] == province:
            return grant
    raise MayNotFileForOthers(f"account:{rights.account_id} receives nothing for {service_path}")
