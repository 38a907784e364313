"""Facts of a travel pass from the registers, by the ORM: one query a register and round."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from bench_live_plain.models import Business, Insured, PlaceLaw, Resident
from motcua.identity.models import Person

# What a person reads under "who looked": one line for each question about them.
ABOUT_THE_PERSON = {
    "in_population_register": "population",
    "residence_status": "population",
    "home_place": "population",
    "insured_at_employer": "social_insurance",
    "insurance_status": "social_insurance",
    "owner_of_business": "businesses",
}


def facts_of(person: Person, *, tax_code: str, work_place: str, today: date) -> dict[str, object]:
    """Return every fact by name; None is unknown."""
    home = Resident.objects.filter(person=person.key).first()
    places = {work_place, home.place} if home and home.place else {work_place}
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    law = {row.place: row for row in PlaceLaw.objects.filter(place__in=places)}
    at_home, at_work = law.get((home.place if home else None) or ""), law.get(work_place)
    business = Business.objects.filter(tax_code=tax_code).first()
    insured = list(Insured.objects.filter(in_force, person=person.key, employer_tax_code=tax_code))
    return {
        "in_population_register": home is not None,
        "residence_status": home.residence if home else None,
        "home_place": home.place if home else None,
        "home_zone": at_home.color if at_home else None,
        "work_zone": at_work.color if at_work else None,
        "employer_registered": business is not None,
        "employer_status": business.status if business else None,
        "employer_sector": business.sector if business else None,
        "insured_at_employer": bool(insured),
        "insurance_status": _the_one({row.status for row in insured}),
        "owner_of_business": _owns(business, bytes(person.key)),
        "opening": at_work.opening if at_work else None,
        "days_green": at_home.days_green if at_home else None,
        "days_yellow": at_home.days_yellow if at_home else None,
        "directive": at_home.directive if at_home else None,
        "zone_directive": at_home.directive if at_home and at_home.color else None,
    }


def _the_one(values: Iterable[object]) -> object:
    """Return the value if there is one; several contradict each other."""
    found = list(values)
    return found[0] if len(found) == 1 else None


def _owns(business: Business | None, person_key: bytes) -> bool | None:
    if business is None:
        return False
    return None if business.owner is None else bytes(business.owner) == person_key
