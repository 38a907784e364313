"""Who may read a case: the agency that has it, one that was asked about it, and one that handed it on."""

from django.db.models import Exists, OuterRef, Q

from motcua.cases.consults.models import CaseSight
from motcua.cases.models import Case
from motcua.identity.rights import Grant, Rights
from motcua.identity.states import PURPOSES, Purpose


def may_read(rights: Rights) -> Q:
    """Return the condition over cases under which the officer may read one; meant for a case that is named.

    A queue asks less: what an agency may still read is no work of its own.
    """
    within = rights.predicate("agency_path", "place_path", purpose=Purpose.READ_CASES)
    let = CaseSight.objects.filter(within, case_number=OuterRef("number"))
    return within | Q(Exists(let))


def grant_to_read(*, number: str, agency_path: str, place_path: str, rights: Rights) -> Grant:
    """Return the first appointment by which the officer may read the case that this agency has.

    One query if it is by having been asked, or having handed it on. Raises ``Case.DoesNotExist`` if none does.
    """
    reading = [grant for grant in rights.grants if Purpose.READ_CASES in PURPOSES[grant.role]]
    for grant in reading:
        if grant.covers(agency_path=agency_path, place_path=place_path):
            return grant
    for path in CaseSight.objects.filter(case_number=number).values_list("agency_path", flat=True):
        for grant in reading:
            if grant.covers(agency_path=path, place_path=place_path):
                return grant
    raise Case.DoesNotExist(number)
