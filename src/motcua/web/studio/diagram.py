"""Draws a workflow: states as boxes in columns by their distance from the start, acts as numbered arrows."""

from collections.abc import Mapping
from dataclasses import dataclass

from motcua.procedures.content import Act, Workflow
from motcua.web.ui.words import in_words

WIDTH, HEIGHT = 184, 56
GAP_X, GAP_Y, MARGIN = 112, 44, 24
LETTERS_A_LINE, LINES = 20, 2
# How far an arrow from a state to itself hangs down.
BEND = 34


@dataclass(frozen=True, slots=True)
class Box:
    """A state where it is drawn, its label in lines with their heights."""

    name: str
    phase: str
    left: int
    top: int
    lines: tuple[tuple[str, int], ...]

    @property
    def middle(self) -> int:
        """Return the middle from left to right."""
        return self.left + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """One or more acts between the same two states: the path of the line, and where their numbers stand."""

    path: str
    numbers: str
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing of so many pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def drawn(workflow: Workflow) -> Diagram:
    """Return the drawing; acts are numbered from 1 in the order of the file."""
    boxes = _boxes(workflow)
    between: dict[tuple[str, str], list[str]] = {}
    for number, act in enumerate(workflow.acts.values(), 1):
        for source in act.source:
            between.setdefault((source, act.target), []).append(str(number))
    arrows = tuple(
        _arrow(boxes[source], boxes[target], ", ".join(numbers))
        for (source, target), numbers in between.items()
    )
    placed = tuple(boxes.values())
    return Diagram(
        width=max(box.left for box in placed) + WIDTH + MARGIN,
        height=max(box.top for box in placed) + HEIGHT + BEND + MARGIN,
        boxes=placed,
        arrows=arrows,
    )


def _boxes(workflow: Workflow) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    rows: dict[int, int] = {}
    for name, column in _columns(workflow.start, workflow.acts, workflow.states).items():
        row = rows[column] = rows.get(column, -1) + 1
        state = workflow.states[name]
        lines = _wrapped(in_words(state.label))
        first = HEIGHT // 2 + 5 - 9 * (len(lines) - 1)
        boxes[name] = Box(
            name=name,
            phase=state.phase,
            left=MARGIN + column * (WIDTH + GAP_X),
            top=MARGIN + row * (HEIGHT + GAP_Y),
            lines=tuple((line, first + 18 * at) for at, line in enumerate(lines)),
        )
    return boxes


def _columns(start: str, acts: Mapping[str, Act], states: Mapping[str, object]) -> dict[str, int]:
    """Return how many acts each state lies behind the start; what nothing reaches stands in the first column."""
    found, waiting = {start: 0}, [start]
    while waiting:
        name = waiting.pop(0)
        for act in acts.values():
            if name in act.source and act.target not in found:
                found[act.target] = found[name] + 1
                waiting.append(act.target)
    return {**found, **{name: 0 for name in states if name not in found}}


def _wrapped(label: str) -> list[str]:
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LETTERS_A_LINE and len(lines) < LINES:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines[-1]) > LETTERS_A_LINE + 2:
        lines[-1] = lines[-1][:LETTERS_A_LINE].rstrip() + "…"
    return lines


def _arrow(source: Box, target: Box, numbers: str) -> Arrow:
    if source is target:
        return _loop(source, numbers)
    if source.left == target.left:
        return _beside(source, target, numbers)
    onward = target.left > source.left
    # Arrows back stand lower than arrows onward, so that both can be told apart.
    low = 0 if onward else 14
    x1, y1 = source.left + (WIDTH if onward else 0), source.top + HEIGHT // 2 + low
    x2, y2 = target.left + (-6 if onward else WIDTH + 6), target.top + HEIGHT // 2 + low
    reach = (x2 - x1) // 2
    path = f"M{x1} {y1}C{x1 + reach} {y1} {x2 - reach} {y2} {x2} {y2}"
    # The numbers stand a third of the way, where arrows from different boxes have not met yet.
    return Arrow(path, numbers, x1 + (x2 - x1) * 2 // 5, y1 + (y2 - y1) * 3 // 10 + 5)


def _loop(box: Box, numbers: str) -> Arrow:
    bottom, low = box.top + HEIGHT, box.top + HEIGHT + BEND
    path = f"M{box.middle + 18} {bottom}C{box.middle + 18} {low} {box.middle - 18} {low} {box.middle - 18} {bottom + 6}"
    return Arrow(path, numbers, box.middle, bottom + BEND - 4)


def _beside(source: Box, target: Box, numbers: str) -> Arrow:
    """Return an arrow within a column: out to the left by its length, and in again."""
    rows = abs(target.top - source.top) // (HEIGHT + GAP_Y)
    out = min(24 + 18 * rows, GAP_X - 12)
    up = target.top < source.top
    x, y1 = source.left, source.top + (16 if up else HEIGHT - 16)
    y2 = target.top + (HEIGHT - 16 if up else 16)
    path = f"M{x} {y1}C{x - out} {y1} {x - out} {y2} {x - 6} {y2}"
    return Arrow(path, numbers, x - out * 3 // 4 - 4, (y1 + y2) // 2 + 5)
