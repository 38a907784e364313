"""Many cases decided one by one, in chunks, on all cores: for what the set-based engine does not take."""

from __future__ import annotations

import itertools
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from motcua.rules.errors import RulesError
from motcua.rules.evaluation import Model, Source, load

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decided:
    """The answer to one of many cases: its value, and the first rule of its own table with that rule's id.

    `refused` says why a case was not decided, as where a fact is outside its allowed values.
    """

    value: Any
    rule: int | None = None
    reason: str | None = None
    refused: str | None = None


def decide_many(
    source: Source,
    rows: Iterable[Facts],
    *,
    decision: str | None = None,
    imports: Mapping[str, Source] | None = None,
    processes: int | None = None,
    chunk: int = 2_000,
) -> Iterator[Decided]:
    """Decide rows of facts in their order, by as many processes as there are cores unless told.

    Each process loads the model once; at most a few chunks for each are read ahead of what was taken,
    so that rows may be a cursor over more than memory holds. Raises ModelRefused and UnknownDecision
    at once; a row that is refused does not stop the others.
    """
    load(source, imports=imports).decision_unit(decision)
    count = processes or os.cpu_count() or 1
    chunks = _chunks(rows, chunk)
    first = list(itertools.islice(chunks, 2))
    if count == 1 or len(first) < 2:
        model = load(source, imports=imports)
        for some in itertools.chain(first, chunks):
            yield from _decided(model, decision, some)
        return
    with ProcessPoolExecutor(
        count, multiprocessing.get_context(), initializer=_open, initargs=(source, imports, decision)
    ) as pool:
        waiting: deque[Future[list[Decided]]] = deque()
        for some in itertools.chain(first, chunks):
            waiting.append(pool.submit(_decide_chunk, some))
            if len(waiting) > 2 * count:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _chunks(rows: Iterable[Facts], size: int) -> Iterator[list[Facts]]:
    source = iter(rows)
    while some := list(itertools.islice(source, size)):
        yield some


# What a worker process decides with; set once when it starts.
_opened: list[tuple[Model, str | None]] = []


def _open(source: Source, imports: Mapping[str, Source] | None, decision: str | None) -> None:
    _opened[:] = [(load(source, imports=imports), decision)]


def _decide_chunk(rows: list[Facts]) -> list[Decided]:
    model, decision = _opened[0]
    return _decided(model, decision, rows)


def _decided(model: Model, decision: str | None, rows: Iterable[Facts]) -> list[Decided]:
    made: list[Decided] = []
    for facts in rows:
        try:
            answer = model(facts, decision=decision)
        except RulesError as refusal:
            made.append(Decided(None, refused=str(refusal)))
            continue
        rule = answer.why.rule
        made.append(Decided(answer.value, rule.number if rule else None, rule.id if rule else None))
    return made
