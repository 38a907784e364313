"""Questions about ratings: one's own, and counts by service, office and month.

Nobody but the applicant sees a rating. Counts tell of ten or more, of those that can no longer be changed, and move
once a day, so that a case that has just ended cannot be told from them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from motcua.cases.models import Case
from motcua.cases.numbers import LOCAL
from motcua.identity.rights import Rights
from motcua.identity.states import Purpose
from motcua.ratings.models import Rating
from motcua.ratings.states import EDITABLE, ENDED, FEWEST, SATISFIED, Step

MONTHS = 12


@dataclass(frozen=True, slots=True)
class RatingView:
    """One's own rating; it may be changed until ``until``."""

    step: Step
    reasons: tuple[str, ...]
    words: str
    rated_at: datetime

    @property
    def until(self) -> datetime:
        """Return the last moment at which it may be changed."""
        return self.rated_at + EDITABLE


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ended cases, those of them that were rated, and how many chose each step; no steps where they are hidden."""

    ended: int
    rated: int
    steps: Mapping[Step, int] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Tell whether there are too few ratings to be told."""
        return not self.steps

    @property
    def satisfied(self) -> int:
        """Return how many are satisfied or very satisfied."""
        return sum(self.steps.get(step, 0) for step in SATISFIED)

    @property
    def satisfied_percent(self) -> int | None:
        """Return their share of the rated in whole percent, rounded down."""
        return None if self.hidden else self.satisfied * 100 // self.rated

    @property
    def rated_percent(self) -> int | None:
        """Return the share of ended cases that were rated, rounded down."""
        return None if self.hidden or not self.ended else min(100, self.rated * 100 // self.ended)


@dataclass(frozen=True, slots=True)
class RatingGroup:
    """The ratings of one service, office and month of filing, with what people wrote, in no order of time."""

    procedure_code: str
    agency_path: str
    month: date
    ratings: Ratings
    words: tuple[str, ...] = ()


def own_rating(*, number: str, applicant_id: int) -> RatingView | None:
    """Return how the person rated their own case; nothing for anyone else's. One query."""
    own = Case.objects.of_person(applicant_id).filter(number=number).values("number")
    row = Rating.objects.filter(case_number=number, case_number__in=own).first()
    return RatingView(Step(row.step), tuple(row.reasons), row.words, row.rated_at) if row else None


def rating_groups(*, rights: Rights, now: datetime) -> list[RatingGroup]:
    """Return the groups of the last twelve months that the asker oversees, newest month first; two queries.

    A group of fewer than ten ratings is hidden, and another one with it where it would follow from a sum.
    """
    mine = rights.predicate("agency_path", "place_path", purpose=Purpose.OVERSEE)
    first = _first_month(now)
    ended = (
        Case.objects.filter(mine, phase__in=ENDED, filed_on__gte=first)
        .annotate(month=TruncMonth("filed_on"))
        .values_list("procedure_code", "agency_path", "month")
        .annotate(count=Count("number"))
    )
    rows = (
        Rating.objects.filter(mine, filed_on__gte=first, rated_at__lt=_settled(now))
        .annotate(month=TruncMonth("filed_on"))
        .values_list("procedure_code", "agency_path", "month", "step", "words")
    )
    steps: dict[tuple[str, str, date], list[tuple[int, str]]] = {}
    for *key, step, words in rows:
        steps.setdefault((key[0], key[1], key[2]), []).append((step, words))
    groups = [
        _group((code, path, month), count, steps.get((code, path, month), []))
        for code, path, month, count in ended
    ]
    told = [
        group
        for code in {each.procedure_code for each in groups}
        for group in hidden_together([each for each in groups if each.procedure_code == code])
    ]
    return sorted(told, key=lambda each: (-each.month.toordinal(), each.procedure_code, each.agency_path))


def hidden_together(groups: Sequence[RatingGroup]) -> list[RatingGroup]:
    """Hide groups of fewer than ten ratings, and the next larger ones until the hidden are none or ten together."""
    told: list[RatingGroup] = []
    hidden = 0
    for group in sorted(groups, key=lambda each: each.ratings.rated):
        rated = group.ratings.rated
        if rated and (rated < FEWEST or 0 < hidden < FEWEST):
            hidden += rated
            told.append(replace(group, ratings=Ratings(group.ratings.ended, rated=0), words=()))
        else:
            told.append(group)
    return told


def ratings_by_service(*, rights: Rights, now: datetime) -> dict[str, Ratings]:
    """Return the ratings of the last twelve months by the code of the service, where there are ten; two queries."""
    mine = rights.predicate("agency_path", "place_path", purpose=Purpose.OVERSEE)
    return _by_service(mine, now)


def ratings_of_service(code: str, *, now: datetime) -> Ratings:
    """Return the ratings of one service in the whole city, for everyone; two queries."""
    return _by_service(Q(procedure_code=code), now).get(code, Ratings(0, 0))


def _by_service(chosen: Q, now: datetime) -> dict[str, Ratings]:
    first = _first_month(now)
    rows = (
        Rating.objects.filter(chosen, filed_on__gte=first, rated_at__lt=_settled(now))
        .values_list("procedure_code", "step")
        .annotate(count=Count("pk"))
    )
    steps: dict[str, dict[Step, int]] = {}
    for code, step, count in rows:
        steps.setdefault(code, {})[Step(step)] = count
    enough = {code: found for code, found in steps.items() if sum(found.values()) >= FEWEST}
    if not enough:
        return {}
    ended = dict(
        Case.objects.filter(chosen, phase__in=ENDED, filed_on__gte=first, procedure_code__in=[*enough])
        .values_list("procedure_code")
        .annotate(count=Count("number"))
    )
    return {code: Ratings(ended.get(code, 0), sum(found.values()), found) for code, found in enough.items()}


def together(each: Iterable[Ratings]) -> Ratings:
    """Return the ratings of several services together: of those that are told."""
    told = [one for one in each if not one.hidden]
    steps = {step: sum(one.steps.get(step, 0) for one in told) for step in Step} if told else {}
    return Ratings(sum(one.ended for one in told), sum(one.rated for one in told), steps)


def _group(key: tuple[str, str, date], ended: int, said: Sequence[tuple[int, str]]) -> RatingGroup:
    steps = {step: sum(1 for found, _ in said if found == step) for step in Step}
    ratings = Ratings(ended, len(said), steps if said else {})
    return RatingGroup(*key, ratings, tuple(sorted(words for _, words in said if words)))


def _first_month(now: datetime) -> date:
    month = now.astimezone(LOCAL).date().replace(day=1)
    return month.replace(year=month.year - 1)


def _settled(now: datetime) -> datetime:
    """Return the moment before which ratings are counted: the last midnight at which they were a day old."""
    midnight = now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=1)
