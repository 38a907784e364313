"""The questions to registers: what they match on must be there, and no two may wait for each other."""

import re
from collections.abc import Iterator

from motcua.procedures.content import FactDeclaration

from ..findings import Finding, did_you_mean
from ..reading import Pack

FILE = "facts.yaml"


def check_facts(pack: Pack) -> Iterator[Finding]:
    """Yield pointers to nothing, circles, names used twice, and a place that no field or fact gives."""
    fields = {field.name for field in pack.content.form.fields}
    known = {"form": fields, "fact": {fact.name for fact in pack.content.facts}}
    seen: set[str] = set()
    for index, fact in enumerate(pack.content.facts):
        if fact.name in seen or fact.name in fields:
            other = "another fact" if fact.name in seen else "a field of the form"
            yield _at(
                pack,
                (index, "name"),
                f"{fact.name} is the name of {other} as well",
                "Give each its own name.",
            )
        seen.add(fact.name)
        for column, pointer in fact.match.items():
            fault = _fault_of(pointer, known)
            if fault is not None:
                yield _at(pack, (index, "match", column), f"{fact.name}.match.{column}: {fault[0]}", fault[1])
    yield from _circles(pack)
    place = pack.content.manifest.place
    fault = _fault_of(place, known) if place is not None else None
    if fault is not None:
        yield Finding("pack.yaml", pack.line_of("pack.yaml", "place"), f"place: {fault[0]}", fault[1])


def _fault_of(pointer: str, known: dict[str, set[str]]) -> tuple[str, str] | None:
    """Return problem and remedy of a pointer to nothing."""
    kind, _, name = pointer.partition(".")
    if kind not in known:
        good = pointer in {"applicant", "today"}
        return (
            None
            if good
            else (f'"{pointer}" points nowhere', "Use applicant, today, form.<field> or fact.<name>.")
        )
    if name in known[kind]:
        return None
    what = "field of the form" if kind == "form" else "fact"
    return f"there is no {what} {name}", did_you_mean(name, known[kind])


def _circles(pack: Pack) -> Iterator[Finding]:
    by_name = {fact.name: fact for fact in pack.content.facts}
    for index, fact in enumerate(pack.content.facts):
        reached: set[str] = set()
        waiting = _needs(fact)
        while waiting:
            name = waiting.pop()
            if name in by_name and name not in reached:
                reached.add(name)
                waiting |= _needs(by_name[name])
        if fact.name in reached:
            yield _at(
                pack,
                (index,),
                f"{fact.name} waits for itself",
                "Let the first question of the circle match on the form or the applicant.",
            )


def _needs(fact: FactDeclaration) -> set[str]:
    return {found[1] for pointer in fact.match.values() if (found := re.fullmatch(r"fact\.(\w+)", pointer))}


def _at(pack: Pack, place: tuple[str | int, ...], problem: str, remedy: str) -> Finding:
    return Finding(FILE, pack.line_of(FILE, *place), problem, remedy)
