"""How satisfied applicants are, for those who oversee: counts by service, office and month, and what was written."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.agencies.queries import agencies_by_code
from motcua.identity.states import Purpose
from motcua.procedures.queries import search_services
from motcua.ratings.queries import RatingGroup, Ratings, rating_groups, ratings_by_service
from motcua.ratings.states import FEWEST, Step
from motcua.web.ui.officers import Officer, for_officers
from motcua.web.ui.words import Bilingual, InTwoLanguages

STEPS = (
    (Step.VERY_SATISFIED, Bilingual("Rất hài lòng", "Very satisfied")),
    (Step.SATISFIED, Bilingual("Hài lòng", "Satisfied")),
    (Step.NEUTRAL, Bilingual("Bình thường", "Neither")),
    (Step.DISSATISFIED, Bilingual("Không hài lòng", "Dissatisfied")),
    (Step.VERY_DISSATISFIED, Bilingual("Rất không hài lòng", "Very dissatisfied")),
)


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One row of a table: what it counts, and how many chose each step."""

    service: InTwoLanguages
    office: InTwoLanguages
    month: str
    ratings: Ratings
    words: tuple[str, ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """Return how many chose each step, best first; nothing where they are hidden."""
        return tuple(self.ratings.steps.get(step, 0) for step, _ in STEPS) if self.ratings.steps else ()


@require_safe
@for_officers(Purpose.OVERSEE)
def ratings(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the ratings of the last twelve months; groups of fewer than ten are not told apart."""
    groups = rating_groups(rights=officer.rights, now=officer.now)
    titles: dict[str, InTwoLanguages] = {each.code: each.content.manifest.title for each in search_services()}
    # The last label of a path is the code of its agency.
    found = agencies_by_code({group.agency_path.rpartition(".")[2] for group in groups})
    offices: dict[str, InTwoLanguages] = {
        each.path: Bilingual(each.name, each.name_en or each.name) for each in found.values()
    }
    rows = [_row(group, titles, offices) for group in groups]
    whole = ratings_by_service(rights=officer.rights, now=officer.now)
    page = {
        "officer": officer,
        "section": "ratings",
        "steps": [words for _, words in STEPS],
        "fewest": FEWEST,
        "services": [
            RatingRow(titles.get(code, Bilingual(code, code)), Bilingual("", ""), "", each)
            for code, each in sorted(whole.items())
        ],
        "rows": rows,
        "said": [row for row in rows if row.words],
    }
    return render(request, "operations/ratings.html", page)


def _row(
    group: RatingGroup, titles: dict[str, InTwoLanguages], offices: dict[str, InTwoLanguages]
) -> RatingRow:
    code, path = group.procedure_code, group.agency_path
    return RatingRow(
        service=titles.get(code, Bilingual(code, code)),
        office=offices.get(path, Bilingual(path, path)),
        month=f"{group.month:%m/%Y}",
        ratings=group.ratings,
        words=group.words,
    )
