"""Writing a directive: prepare, change, set values for places by hand or by file, give it up.

What is saved is always whole and checked; a wrong text is refused with its lines and nothing is kept of it.
"""

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.agencies.models import Place
from motcua.agencies.states import PlaceTier
from motcua.directives.checks import check
from motcua.directives.complaints import Complaint, DirectiveRefused, Words
from motcua.directives.content import DirectiveContent, Stated, read_directive
from motcua.directives.events import DirectiveChanged, DirectiveDiscarded, DirectivePrepared
from motcua.directives.law import EVERYWHERE
from motcua.directives.models import Directive, DirectiveVersion
from motcua.directives.writing import with_parameters
from motcua.events.services import publish
from motcua.identity.rights import rights_of
from motcua.identity.states import PURPOSES, Purpose

NAME = "directive.yaml"
PLACE_CODE = re.compile(r"[0-9]{2,5}", re.ASCII)
_CODE_OF_A_PLACE = Words("Ghi mã 2 đến 5 chữ số, như 20194.", "Write a code of 2 to 5 digits, such as 20194.")


class DirectiveNotYours(LookupError):
    """There is no such directive, or this officer may not issue directives for its places: the two look the same."""


class DirectiveNotOpen(ValueError):
    """The directive is no draft any longer, or was saved since it was read; nothing was changed."""


class NothingChanged(ValueError):
    """The text is the one that is kept already; nothing was changed."""


@transaction.atomic
def prepare(*, text: str, account_id: int, now: datetime, name: str = NAME) -> int:
    """Keep a new draft and return its id. Raises ``DirectiveRefused`` and ``DirectiveNotYours``."""
    content = read_directive(text, name)
    refuse_strangers(content, account_id, now)
    refuse_faults(content, check(content, now))
    draft = create(content, text, prepared_by=account_id, now=now)
    publish(
        DirectivePrepared(
            happened_at=now,
            agency_path="",
            subject=draft.number,
            actor=f"account:{account_id}",
            directive=draft.pk,
            sha256=draft.sha256,
        )
    )
    return draft.pk


def create(
    content: DirectiveContent,
    text: str,
    *,
    prepared_by: int | None,
    now: datetime,
    installed_at: datetime | None = None,
) -> Directive:
    """Write the row of a directive and its first version; raises ``DirectiveRefused`` if the number was just taken."""
    digest = sha256_of(text)
    try:
        with transaction.atomic():
            row = Directive.objects.create(
                **_columns_of(content),
                text=text,
                sha256=digest,
                prepared_by_id=prepared_by,
                prepared_at=now,
                installed_at=installed_at,
                begun_at=content.in_force.since if installed_at else None,
            )
    except IntegrityError:
        what = Words(f"đã có chỉ thị {content.number}", f"there is a directive {content.number} already")
        remedy = Words("Tải lại danh sách.", "Load the list again.")
        raise DirectiveRefused(content.name, [content.complaint(("number",), what, remedy)]) from None
    DirectiveVersion.objects.create(
        directive=row, number=1, text=text, sha256=digest, saved_by_id=prepared_by, saved_at=now
    )
    return row


@transaction.atomic
def change(
    *, directive_id: int, text: str, seen_sha256: str, account_id: int, now: datetime, name: str = NAME
) -> str:
    """Put another text into the draft and return its hash.

    Raises ``DirectiveRefused``, ``DirectiveNotYours``, ``NothingChanged``, and ``DirectiveNotOpen`` if it was
    scheduled, given up, or saved by somebody else since ``seen_sha256`` was read.
    """
    content = read_directive(text, name)
    row = open_draft(directive_id, account_id, now)
    refuse_strangers(content, account_id, now)
    refuse_faults(content, check(content, now, directive_id=row.pk))
    digest = sha256_of(text)
    if digest == row.sha256:
        raise NothingChanged(row.number)
    # Compare-and-set: a save that came first keeps what it saved.
    held = Directive.objects.filter(
        pk=row.pk, sha256=seen_sha256, scheduled_at__isnull=True, discarded_at__isnull=True
    )
    changed = held.update(
        **_columns_of(content),
        text=text,
        sha256=digest,
        version=row.version + 1,
        changed_by=account_id,
        changed_at=now,
    )
    if changed != 1:
        raise DirectiveNotOpen(row.number)
    DirectiveVersion.objects.create(
        directive=row,
        number=row.version + 1,
        text=text,
        sha256=digest,
        saved_by_id=account_id,
        saved_at=now,
    )
    publish(
        DirectiveChanged(
            happened_at=now,
            agency_path="",
            subject=content.number,
            actor=f"account:{account_id}",
            directive=row.pk,
            version=row.version + 1,
            sha256=digest,
        )
    )
    return digest


def recolor(
    *,
    directive_id: int,
    parameter: str,
    places: Mapping[str, str | None],
    seen_sha256: str,
    account_id: int,
    now: datetime,
) -> str:
    """Set the parameter for single places in the draft's text and return its new hash; None takes a place out.

    Everything else in the text stays, but for remarks among the parameters. Raises what ``change`` raises.
    """
    row = open_draft(directive_id, account_id, now)
    content = read_directive(row.text, NAME)
    if odd := [code for code in places if not PLACE_CODE.fullmatch(code)]:
        what = Words(f"“{odd[0]}” không phải mã nơi", f'"{odd[0]}" is no code of a place')
        raise DirectiveRefused(NAME, [content.complaint(("parameters", parameter), what, _CODE_OF_A_PLACE)])
    stated = content.parameters.get(parameter)
    merged = {**(stated.places if stated else {}), **places}
    kept = {code: value for code, value in sorted(merged.items()) if value is not None}
    default = stated.default if stated else None
    parameters = dict(content.parameters)
    if kept or default is not None:
        # Not validated here: what is no place or no value is refused with its line, as in a text.
        parameters[parameter] = Stated.model_construct(default=default, places=kept)
    else:
        parameters.pop(parameter, None)
    return change(
        directive_id=directive_id,
        text=with_parameters(content, parameters),
        seen_sha256=seen_sha256,
        account_id=account_id,
        now=now,
    )


def import_values(
    *,
    directive_id: int,
    parameter: str,
    csv_text: str,
    seen_sha256: str,
    account_id: int,
    now: datetime,
    name: str = "values.csv",
) -> str:
    """Set the parameter for every place of a CSV file with the columns ``place`` and the parameter's own.

    Returns the new hash. Raises what ``change`` raises; faults of the file are told by its own lines.
    """
    return recolor(
        directive_id=directive_id,
        parameter=parameter,
        places=_values_in(csv_text, parameter.partition(".")[2], name),
        seen_sha256=seen_sha256,
        account_id=account_id,
        now=now,
    )


def _values_in(csv_text: str, column: str, name: str) -> dict[str, str]:
    """Return the value of each place; raises ``DirectiveRefused`` with every line that gives none."""
    places: dict[str, str] = {}
    faults: list[Complaint] = []
    rows = csv.reader(io.StringIO(csv_text.removeprefix("\ufeff"), newline=""))
    remedy = Words("Mỗi nơi một dòng, hai ô.", "Give each place one line of two cells.")
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        if sorted(header) != sorted(["place", column]):
            raise DirectiveRefused(name, [_header_complaint(column)])
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            values = dict(zip(header, (cell.strip() for cell in cells), strict=False))
            code, value = values.get("place", ""), values.get(column, "")
            if len(cells) != 2 or not code or not value or code in places:
                what = Words(
                    "dòng thiếu ô, hoặc nơi đã có ở trên", "the line lacks a cell, or its place stood above"
                )
                faults.append(Complaint(rows.line_num, 1, what, remedy))
            elif not PLACE_CODE.fullmatch(code):
                what = Words("mã nơi không đúng dạng", "this is no code of a place")
                faults.append(Complaint(rows.line_num, 1, what, _CODE_OF_A_PLACE))
            places[code] = value
    except csv.Error:
        what = Words("dòng này không phải CSV", "this line is no CSV")
        faults.append(Complaint(rows.line_num, 1, what, remedy))
    if faults:
        raise DirectiveRefused(name, faults)
    return places


def _header_complaint(column: str) -> Complaint:
    what = Words("dòng đầu không phải tên hai cột", "the first line does not name the two columns")
    return Complaint(1, 1, what, Words(f"Ghi: place,{column}", f"Write: place,{column}"))


@transaction.atomic
def discard(*, directive_id: int, account_id: int, now: datetime) -> None:
    """Give up a directive that has not begun. Raises ``DirectiveNotYours`` and ``DirectiveNotOpen``."""
    row = directive_for(directive_id, account_id, now)
    held = Directive.objects.filter(pk=row.pk, begun_at__isnull=True, discarded_at__isnull=True)
    if held.update(discarded_at=now, discarded_by=account_id) != 1:
        raise DirectiveNotOpen(row.number)
    publish(
        DirectiveDiscarded(
            happened_at=now,
            agency_path="",
            subject=row.number,
            actor=f"account:{account_id}",
            directive=row.pk,
        )
    )


def open_draft(directive_id: int, account_id: int, now: datetime) -> Directive:
    """Return the draft if it is one and this officer's to write."""
    row = directive_for(directive_id, account_id, now)
    if row.scheduled_at or row.discarded_at or row.begun_at:
        raise DirectiveNotOpen(row.number)
    return row


def directive_for(directive_id: int, account_id: int, now: datetime) -> Directive:
    """Return the directive if it is this officer's to act on; raises ``DirectiveNotYours``."""
    row = Directive.objects.filter(pk=directive_id).first()
    if row is None:
        raise DirectiveNotYours(directive_id)
    refuse_strangers(read_directive(row.text, NAME), account_id, now)
    return row


def refuse_strangers(content: DirectiveContent, account_id: int, now: datetime) -> None:
    """Raise ``DirectiveNotYours`` unless the officer issues directives for every place that this one touches.

    These are its scope, the scope of each directive that it would end, and the whole city if it puts rules in force.
    """
    on = timezone.localtime(now).date()
    wanted = _city(on) if content.revisions else _paths_of(content.scope, on)
    ended = Directive.objects.filter(
        number__in=content.replaces, discarded_at__isnull=True, undone_at__isnull=True
    )
    for row in ended:
        wanted = wanted | _paths_of(read_directive(row.text, row.number).scope, on)
    grants = [grant for grant in rights_of(account_id, now).grants if Purpose.DIRECT in PURPOSES[grant.role]]
    for path in wanted:
        if not any(path == grant.place_path or path.startswith(f"{grant.place_path}.") for grant in grants):
            raise DirectiveNotYours(content.number)


def _paths_of(scope: Sequence[str], on: date) -> set[str]:
    """Return the paths of a scope; where a code means nothing, that of the whole city."""
    known = set(Place.objects.valid(on).filter(code__in=scope).values_list("path", flat=True))
    return known if known and len(known) == len(set(scope)) else _city(on)


def _city(on: date) -> set[str]:
    return set(Place.objects.valid(on).filter(tier=PlaceTier.PROVINCE).values_list("path", flat=True)) or {
        EVERYWHERE
    }


def refuse_faults(content: DirectiveContent, found: tuple[Complaint, ...]) -> None:
    """Raise ``DirectiveRefused`` if there is any."""
    if found:
        raise DirectiveRefused(content.name, found)


def sha256_of(text: str) -> str:
    """Return the hash that names a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _columns_of(content: DirectiveContent) -> dict[str, object]:
    return {
        "number": content.number,
        "title_vi": content.title.vi,
        "title_en": content.title.en,
        "issuer": content.issuer,
        "issued_on": content.issued_on,
        "from_at": content.in_force.since,
        "until_at": content.in_force.until,
        "replaces": list(content.replaces),
        "undo_within_hours": content.undo_within_hours,
    }
