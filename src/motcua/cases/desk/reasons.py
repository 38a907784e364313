"""Templates of reasons that an office keeps ready: with places to fill in, by service and act, in versions."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from motcua.cases.desk.models import ReasonTemplate
from motcua.identity.rights import Rights
from motcua.identity.states import Role

# What has to be filled in stands in square brackets: [ngày], [tên giấy tờ].
_PLACE = re.compile(r"\[([^\[\]]{0,80})\]")
LONGEST_TITLE, LONGEST_TEXT = 80, 2000


class TemplateSaysNothing(ValueError):
    """A template has a title of at most eighty letters, and a text of at most two thousand."""


class NotYourOffice(PermissionError):
    """Only an approver of the office writes its templates."""


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template as it holds, or as one of its versions held."""

    key: uuid.UUID
    version: int
    agency_path: str
    procedure_code: str
    act: str
    title: str
    text: str
    written_by: str
    written_at: datetime
    replaced_at: datetime | None

    @property
    def places(self) -> tuple[str, ...]:
        """What has to be filled in before it can be sent."""
        return left_to_fill(self.text)


def left_to_fill(text: str) -> tuple[str, ...]:
    """Return the places of a text that are still to be filled in, each once, as they stand in brackets."""
    return tuple(dict.fromkeys(f"[{place}]" for place in _PLACE.findall(text)))


def templates_for(*, agency_path: str, procedure_code: str, acts: "tuple[str, ...]") -> list[TemplateView]:
    """Return what the office, or one above it, keeps ready for a service and its acts, by title; one query."""
    rows = ReasonTemplate.objects.filter(
        Q(procedure_code="") | Q(procedure_code=procedure_code),
        Q(act="") | Q(act__in=acts),
        agency_path__above=agency_path,
        replaced_at__isnull=True,
    )
    return [_view(row) for row in rows.select_related("written_by").order_by("title", "pk")]


def templates_of(rights: Rights) -> list[TemplateView]:
    """Return the templates that an approver looks after, by title; one query."""
    rows = ReasonTemplate.objects.filter(_written_by(rights), replaced_at__isnull=True)
    return [_view(row) for row in rows.select_related("written_by").order_by("title", "pk")]


def versions_of(key: uuid.UUID, rights: Rights) -> list[TemplateView]:
    """Return every version of a template, the newest first; one query."""
    rows = ReasonTemplate.objects.filter(_written_by(rights), key=key)
    return [_view(row) for row in rows.select_related("written_by").order_by("-version")]


def offices_of(rights: Rights) -> list[str]:
    """Return the paths of the agencies for which the officer writes templates."""
    return sorted({grant.agency_path for grant in rights.grants if grant.role is Role.APPROVER})


@transaction.atomic
def write_template(
    *,
    rights: Rights,
    agency_path: str,
    procedure_code: str,
    act: str,
    title: str,
    text: str,
    now: datetime,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write a template, or the next version of the one with this key, and return its key.

    Raises ``NotYourOffice``, ``TemplateSaysNothing`` and ``ReasonTemplate.DoesNotExist`` for a key of none.
    """
    title, text = " ".join(title.replace("\0", "").split()), text.replace("\0", "").strip()
    if not (0 < len(title) <= LONGEST_TITLE and 0 < len(text) <= LONGEST_TEXT):
        raise TemplateSaysNothing(title[:LONGEST_TITLE])
    if rights.account_id is None or not _writes_for(rights, agency_path):
        raise NotYourOffice(agency_path)
    version = 1
    if key is not None:
        before = ReasonTemplate.objects.filter(_written_by(rights), key=key).order_by("-version").first()
        if before is None:
            raise ReasonTemplate.DoesNotExist(key)
        version = before.version + 1
        ReasonTemplate.objects.filter(key=key, replaced_at__isnull=True).update(replaced_at=now)
    return ReasonTemplate.objects.create(
        key=key or uuid.uuid4(),
        version=version,
        agency_path=agency_path,
        procedure_code=procedure_code,
        act=act,
        title=title,
        text=text,
        written_by_id=rights.account_id,
        written_at=now,
    ).key


@transaction.atomic
def withdraw_template(*, key: uuid.UUID, rights: Rights, now: datetime) -> None:
    """Offer a template no more; its versions stay. Raises ``ReasonTemplate.DoesNotExist``."""
    standing = ReasonTemplate.objects.filter(_written_by(rights), key=key, replaced_at__isnull=True)
    if standing.update(replaced_at=now) == 0:
        raise ReasonTemplate.DoesNotExist(key)


def _writes_for(rights: Rights, agency_path: str) -> bool:
    return any(agency_path == path or agency_path.startswith(f"{path}.") for path in offices_of(rights))


def _written_by(rights: Rights) -> Q:
    condition = Q(pk__in=[])
    for path in offices_of(rights):
        condition |= Q(agency_path__within=path)
    return condition


def _view(row: ReasonTemplate) -> TemplateView:
    return TemplateView(
        key=row.key,
        version=row.version,
        agency_path=row.agency_path,
        procedure_code=row.procedure_code,
        act=row.act,
        title=row.title,
        text=row.text,
        written_by=row.written_by.name,
        written_at=row.written_at,
        replaced_at=row.replaced_at,
    )
