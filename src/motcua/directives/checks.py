"""What only the database can tell of a directive: places, parameters, ranges, and what other directives set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.utils import timezone

from motcua.directives.complaints import Complaint, Words, did_you_mean, first_of
from motcua.directives.content import DirectiveContent
from motcua.directives.law import (
    EVERYWHERE,
    Enacted,
    Statement,
    enacted_of,
    paths_named,
    specs_by_address,
    statements_of,
)
from motcua.directives.models import Directive
from motcua.directives.parameters import ParameterSpec, ValueRefused


def check(
    content: DirectiveContent, now: datetime, *, directive_id: int | None = None
) -> tuple[Complaint, ...]:
    """Return what keeps the directive from being law, or the first hundred; ``directive_id`` is its own row, if any.

    A handful of queries, and one for each directive that stands beside it.
    """
    specs, paths = specs_by_address(), paths_named(content)
    form = chain(_numbers(content, directive_id), _places(content, paths), _values(content, specs))
    found = first_of(form, content.sheet.last_line)
    if not found:
        overlaps = _overlaps(content, now, directive_id, specs, paths)
        found = first_of(overlaps, content.sheet.last_line)
    return tuple(sorted(set(found)))


def _numbers(content: DirectiveContent, directive_id: int | None) -> Iterator[Complaint]:
    standing = Directive.objects.filter(discarded_at__isnull=True, undone_at__isnull=True)
    numbers = dict(standing.exclude(pk=directive_id or 0).values_list("number", "begun_at"))
    if content.number in numbers:
        yield content.complaint(
            ("number",),
            Words(f"đã có chỉ thị {content.number}", f"there is a directive {content.number} already"),
            Words("Ghi số khác, hoặc sửa bản đã có.", "Give it another number, or change the one there is."),
        )
    for index, number in enumerate(content.replaces):
        if number == content.number or number not in numbers:
            yield content.complaint(
                ("replaces", index),
                Words(f"không có chỉ thị {number} để thay thế", f"there is no directive {number} to replace"),
                did_you_mean(number, numbers),
            )


def _places(content: DirectiveContent, paths: Mapping[str, str]) -> Iterator[Complaint]:
    on = timezone.localtime(content.in_force.since).date()
    named = [
        *((("scope", index), code) for index, code in enumerate(content.scope)),
        *(
            (("parameters", address, "places", code), code)
            for address, stated in content.parameters.items()
            for code in stated.places
        ),
    ]
    scope = [paths[code] for code in content.scope if code in paths]
    for place, code in named:
        if code not in paths:
            yield content.complaint(
                place,
                Words(
                    f"ngày {on:%d/%m/%Y} không có đơn vị hành chính mã {code}",
                    f"no place has the code {code} on {on:%d/%m/%Y}",
                ),
                Words(
                    "Tra mã có hiệu lực vào ngày đó, hoặc sửa ngày in_force.from.",
                    "Look up the code of that day, or correct in_force.from.",
                ),
            )
        elif place[0] == "parameters" and scope and not any(_within(paths[code], each) for each in scope):
            yield content.complaint(
                place,
                Words(
                    f"{code} nằm ngoài phạm vi của chỉ thị", f"{code} lies outside the scope of the directive"
                ),
                Words(
                    "Thêm nơi đó vào scope, hoặc bỏ dòng này.", "Add the place to scope, or remove this line."
                ),
            )


def _values(content: DirectiveContent, specs: Mapping[str, ParameterSpec]) -> Iterator[Complaint]:
    for address, stated in content.parameters.items():
        spec = specs.get(address)
        if spec is None:
            what = Words(f"không có tham số {address}", f"there is no parameter {address}")
            yield content.complaint(("parameters", address), what, did_you_mean(address, specs))
            continue
        if not spec.by_place and (stated.places or content.scope):
            yield content.complaint(
                ("parameters", address),
                Words(
                    f"{address} chỉ có một giá trị cho toàn thành phố",
                    f"{address} has one value for the whole city",
                ),
                Words("Bỏ places và scope.", "Leave out places and scope."),
            )
        written = [(("parameters", address), stated.default)] if stated.default is not None else []
        parts: list[tuple[tuple[str | int, ...], str]] = [
            *written,
            *((("parameters", address, "places", code), text) for code, text in stated.places.items()),
        ]
        for place, text in parts:
            try:
                spec.read(text)
            except ValueRefused as refusal:
                named = (*place, "default") if (*place, "default") in content.sheet.keys else place
                yield content.complaint(named, refusal.what, refusal.remedy)


@dataclass(frozen=True, slots=True)
class _Neighbor:
    """A directive that is law or is to become so, from when until when."""

    row: Directive
    enacted: Enacted
    since: datetime


def _overlaps(
    content: DirectiveContent,
    now: datetime,
    directive_id: int | None,
    specs: Mapping[str, ParameterSpec],
    paths: Mapping[str, str],
) -> Iterator[Complaint]:
    scope = tuple(paths[code] for code in content.scope) or (EVERYWHERE,)
    ours = list(statements_of(content, specs, paths, scope))
    neighbors = _neighbors(directive_id, specs)
    # A draft begins when it is switched on, which is never before now.
    since = content.in_force.since if directive_id is None else max(content.in_force.since, now)
    for neighbor in neighbors:
        if neighbor.row.number in content.replaces or content.number in neighbor.enacted.replaces:
            continue
        if not _at_the_same_time(content, since, neighbor) or _replaced_before(neighbor, neighbors, since):
            continue
        for mine in ours:
            if any(_collide(mine, theirs) for theirs in neighbor.enacted.statements):
                yield _overlap(content, mine, neighbor)


def _neighbors(directive_id: int | None, specs: Mapping[str, ParameterSpec]) -> list[_Neighbor]:
    rows = Directive.objects.filter(discarded_at__isnull=True, undone_at__isnull=True).exclude(
        pk=directive_id or 0
    )
    found = []
    for row in rows.exclude(begun_at__isnull=True, scheduled_at__isnull=True).order_by("pk"):
        since = row.begun_at or row.switch_at or row.from_at
        found.append(_Neighbor(row, enacted_of(row, begun_at=since, specs=specs), since))
    return found


def _at_the_same_time(content: DirectiveContent, since: datetime, neighbor: _Neighbor) -> bool:
    ours, theirs = content.in_force.until, neighbor.row.until_at
    return (theirs is None or since < theirs) and (ours is None or neighbor.since < ours)


def _replaced_before(neighbor: _Neighbor, all_: list[_Neighbor], since: datetime) -> bool:
    return any(neighbor.row.number in other.enacted.replaces and other.since <= since for other in all_)


def _collide(mine: Statement, theirs: Statement) -> bool:
    """Tell whether both set the same for the same place, with none of the two places strictly below the other."""
    if mine.address != theirs.address:
        return False
    if mine.path == theirs.path:
        return True
    # Nothing lies between the city and everything.
    wide = mine.path.count(".") <= 1 and theirs.path.count(".") <= 1
    return wide and EVERYWHERE in (mine.path, theirs.path)


def _overlap(content: DirectiveContent, mine: Statement, neighbor: _Neighbor) -> Complaint:
    place: tuple[str | int, ...] = ("parameters", mine.address)
    if mine.place_code is not None:
        place = (*place, "places", mine.place_code)
    number, since = neighbor.row.number, timezone.localtime(neighbor.since)
    where = mine.place_code or ", ".join(content.scope)
    vi, en = (f" tại {where}", f" at {where}") if where else (" cho toàn thành phố", " for the whole city")
    return content.complaint(
        place,
        Words(
            f"chỉ thị {number}, từ {since:%H:%M %d/%m/%Y}, cũng quy định {mine.address}{vi} trong cùng thời gian",
            f"the directive {number}, from {since:%d/%m/%Y %H:%M}, sets {mine.address}{en} at the same time",
        ),
        Words(
            f'Thêm "{number}" vào replaces, đổi thời gian, hoặc chỉ nêu nơi hẹp hơn.',
            f'Add "{number}" to replaces, change the dates, or name only a narrower place.',
        ),
    )


def _within(path: str, branch: str) -> bool:
    return path == branch or path.startswith(f"{branch}.")
