"""Values of the archive: what a proposal to destroy has come to, and how long dossiers are kept."""

from datetime import date

from django.db import models

from motcua.procedures.archiving import PERMANENT
from motcua.procedures.content import ArchiveRule, Bilingual, Content

# Where a service says nothing: ten years, which a schedule of the agency should replace (ours, not of the law).
DEFAULT_YEARS = 10
# So many dossiers one proposal to destroy may name.
MOST_AT_ONCE = 500


class Outcome(models.TextChoices):
    """What was decided on a proposal to destroy."""

    DESTROYED = "destroyed", "Đã hủy"
    KEPT = "kept", "Giữ lại"


def rule_of(content: Content) -> ArchiveRule:
    """Return what the service says of its dossiers, or the default under its own title."""
    manifest = content.manifest
    return manifest.archive or ArchiveRule(
        heading=Bilingual(vi=manifest.title.vi, en=manifest.title.en), keep_years=DEFAULT_YEARS
    )


def years_of(rule: ArchiveRule) -> int | None:
    """Return the years for which dossiers are kept; None is for ever."""
    return None if rule.keep_years == PERMANENT else int(rule.keep_years)


def kept_until(ended_on: date, years: int | None) -> date | None:
    """Return the last day of the term, which counts from the end of the year in which the dossier ended."""
    return None if years is None else date(ended_on.year + years, 12, 31)
