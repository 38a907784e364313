"""An officer keeps filters of the queue under names of their own, and one of them as the page to begin with."""

from dataclasses import dataclass

from django.db import transaction

from motcua.cases.desk.models import SavedFilter

MOST_FILTERS = 20
LONGEST_NAME = SavedFilter._meta.get_field("name").max_length or 60


class NameMissing(ValueError):
    """A filter is kept under a name of at most sixty letters."""


class TooManyFilters(ValueError):
    """The officer keeps as many filters as there may be; drop one first."""


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter under its name; ``query`` is its part of the address."""

    id: int
    name: str
    query: str
    is_start: bool


@transaction.atomic
def save_filter(*, account_id: int, name: str, query: str, is_start: bool) -> int:
    """Keep the filter, in the place of one of the same name, and return its id.

    Raises ``NameMissing`` and ``TooManyFilters``.
    """
    name = " ".join(name.replace("\0", "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise NameMissing(name[:80])
    mine = SavedFilter.objects.filter(account=account_id)
    if mine.exclude(name=name).count() >= MOST_FILTERS:
        raise TooManyFilters(f"{MOST_FILTERS}")
    if is_start:
        mine.filter(is_start=True).update(is_start=False)
    kept, _ = SavedFilter.objects.update_or_create(
        account_id=account_id, name=name, defaults={"query": query, "is_start": is_start}
    )
    return kept.pk


@transaction.atomic
def drop_filter(*, account_id: int, filter_id: int) -> None:
    """Forget one of the officer's own filters; raises ``SavedFilter.DoesNotExist``."""
    if SavedFilter.objects.filter(account=account_id, pk=filter_id).delete()[0] == 0:
        raise SavedFilter.DoesNotExist(filter_id)


def filters_kept(account_id: int) -> list[KeptFilter]:
    """Return the officer's filters, the one to begin with first; one query."""
    rows = SavedFilter.objects.filter(account=account_id).order_by("-is_start", "name")
    return [KeptFilter(row.pk, row.name, row.query, row.is_start) for row in rows]
