"""Regular expressions of XPath 3.1, matched in bounded time.

Patterns become a small program that is run with a set of states already tried, so the work is at
most the program's length times the text's; only back-references need the plain bound on steps.
Python's `re` is not used: it takes exponential time on some patterns, and means other things.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from motcua.rules.charclasses import CharTest, escape_test, is_line_end
from motcua.rules.errors import WorkExceeded
from motcua.rules.work import LONGEST_TEXT, MOST_STEPS, begin_work, left, spend

LONGEST_PROGRAM = 5_000
DEEPEST_GROUP = 50
_SETS = "sSiIcCdDwWpP"


class NotAPattern(ValueError):
    """The text is not a regular expression of XPath; `matches` and its like give null."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: char, split, jump, save, begin, end, back or match."""

    act: str
    test: CharTest | None = None
    to: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Where a match lies, with the spans of its groups; -1 for a group that took no part."""

    start: int
    end: int
    spans: tuple[int, ...]

    def group(self, text: str, number: int) -> str:
        """Return the text of a group, empty when it took no part."""
        low, high = self.spans[2 * number], self.spans[2 * number + 1]
        return text[low:high] if low >= 0 and high >= 0 else ""

    def length(self, number: int) -> int:
        """Return the length of a group's text."""
        return self.spans[2 * number + 1] - self.spans[2 * number]


class Pattern:
    """A compiled pattern."""

    def __init__(self, program: list[Step], groups: int, flags: str) -> None:
        self.program = program
        self.groups = groups
        self.flags = flags
        self._memo = all(step.act != "back" for step in program)

    def search(self, text: str, start: int = 0) -> Match | None:
        """Return the first match at or after `start`.

        Raises WorkExceeded when the work grows beyond MOST_STEPS.
        """
        tried, budget = set[int](), [left()]
        try:
            for at in range(start, len(text) + 1):
                found = self._match(text, at, tried, budget)
                if found is not None:
                    return found
            return None
        finally:
            if budget[0] < 0:
                begin_work()
            else:
                spend(left() - budget[0])

    def _match(  # noqa: C901, PLR0912 - one flat loop: a call for each step costs half its speed
        self, text: str, at: int, tried: set[int], budget: list[int]
    ) -> Match | None:
        program, size, memo = self.program, len(text), self._memo
        width, steps = size + 1, budget[0]
        stack: list[tuple[int, int, tuple[int, ...]]] = [(0, at, (-1,) * (2 * self.groups + 2))]
        while stack:
            step_at, place, spans = stack.pop()
            while True:
                steps -= 1
                if steps < 0:
                    budget[0] = steps
                    raise WorkExceeded("the steps of a regular expression", MOST_STEPS)
                if memo:
                    # Without back-references a step that failed at a place fails there whatever led to it.
                    key = step_at * width + place
                    if key in tried:
                        break
                    tried.add(key)
                step = program[step_at]
                act = step.act
                if act == "char":
                    if place >= size or not step.test(text[place]):  # type: ignore[misc]  # set for char
                        break
                    place += 1
                    step_at += 1
                elif act == "split":
                    stack.append((step.other, place, spans))
                    step_at = step.to
                elif act == "jump":
                    step_at = step.to
                elif act == "save":
                    spans = (*spans[: step.to], place, *spans[step.to + 1 :])
                    step_at += 1
                elif act == "match":
                    budget[0] = steps
                    return Match(at, place, (at, place, *spans[2:]))
                else:
                    moved = self._look(step, text, place, spans)
                    if moved < 0:
                        break
                    place = moved
                    step_at += 1
        budget[0] = steps
        return None

    def _look(self, step: Step, text: str, place: int, spans: tuple[int, ...]) -> int:
        if step.act == "begin":
            after = "m" in self.flags and 0 < place < len(text) and text[place - 1] == "\n"
            fits = place == 0 or after
            return place if fits else -1
        if step.act == "end":
            if "m" in self.flags:
                # A newline at the very end closes the last line and opens none.
                fits = not text.endswith("\n") if place == len(text) else text[place] == "\n"
            else:
                fits = place == len(text)
            return place if fits else -1
        low, high = spans[2 * step.to], spans[2 * step.to + 1]
        wanted = text[low:high] if low >= 0 and high >= 0 else ""
        seen = text[place : place + len(wanted)]
        same = seen.casefold() == wanted.casefold() if "i" in self.flags else seen == wanted
        return place + len(wanted) if same else -1

    def replace(self, text: str, replacement: str) -> str | None:
        """Replace every match; None when the pattern matches nothing, or `$` is misused."""
        if self.search("") is not None:
            return None
        parts = [replacement] if "q" in self.flags else self._replacement(replacement)
        if parts is None:
            return None
        made, at, size = [], 0, 0
        while (found := self.search(text, at)) is not None:
            made.append(text[at : found.start])
            size += found.start - at
            size += sum(len(part) if isinstance(part, str) else found.length(part) for part in parts)
            if size > LONGEST_TEXT:
                raise WorkExceeded("the length of a text", LONGEST_TEXT)
            made.extend(part if isinstance(part, str) else found.group(text, part) for part in parts)
            at = found.end
        return "".join([*made, text[at:]])

    def _replacement(self, text: str) -> list[str | int] | None:
        parts: list[str | int] = []
        at = 0
        while at < len(text):
            if text[at] == "\\":
                if text[at + 1 : at + 2] not in ("\\", "$"):
                    return None
                parts.append(text[at + 1])
                at += 2
            elif text[at] == "$":
                end = at + 1
                # The longest number that is still a group of the pattern counts.
                while end < len(text) and text[end] in "0123456789":
                    if end > at + 1 and int(text[at + 1 : end + 1]) > self.groups:
                        break
                    end += 1
                if end == at + 1:
                    return None
                group = int(text[at + 1 : end])
                parts.append(group if group <= self.groups else "")
                at = end
            else:
                parts.append(text[at])
                at += 1
        return parts

    def split(self, text: str) -> list[str] | None:
        """Cut the text at every match; None when the pattern matches nothing."""
        if self.search("") is not None:
            return None
        made, at = [], 0
        while (found := self.search(text, at)) is not None:
            made.append(text[at : found.start])
            at = found.end
        return [*made, text[at:]]


class _Compiler:
    """Reads a pattern and writes its program in one pass."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.flags = flags
        self.at = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0

    def whole(self) -> list[Step]:
        body = self.alternatives()
        if self.at < len(self.text):
            raise NotAPattern("a bracket closes nothing")
        return [*body, Step("match")]

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def alternatives(self) -> list[Step]:
        branches = [self.branch()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.branch())
        made = branches[-1]
        for branch in reversed(branches[:-1]):
            made = [
                Step("split", to=1, other=len(branch) + 2),
                *_shifted(branch, 1),
                Step("jump", to=len(branch) + 2 + len(made)),
                *_shifted(made, len(branch) + 2),
            ]
            _held(made)
        return made

    def branch(self) -> list[Step]:
        made: list[Step] = []
        while self.peek() not in ("", "|", ")"):
            made.extend(_shifted(self.piece(), len(made)))
            _held(made)
        return made

    def piece(self) -> list[Step]:
        atom = self.atom()
        least, most, lazy = self.quantity()
        if (least, most) == (1, 1):
            return atom
        return _repeated(atom, least, most, lazy)

    def atom(self) -> list[Step]:
        char = self.peek()
        self.at += 1
        if char == "(":
            return self.group()
        if char == "[":
            return [Step("char", self.char_class())]
        if char == ".":
            return [Step("char", (lambda c: True) if "s" in self.flags else _not_line_end)]
        if char == "^":
            return [Step("begin")]
        if char == "$":
            return [Step("end")]
        if char == "\\":
            return self.escape()
        if char in "*+?{}])":
            raise NotAPattern(f"{char} stands where a character should")
        return [Step("char", self.cased(_only(char)))]

    def group(self) -> list[Step]:
        self.depth += 1
        if self.depth > DEEPEST_GROUP:
            raise NotAPattern("groups are nested too deeply")
        captures = not self.text.startswith("?:", self.at)
        number = 0
        if captures:
            self.groups += 1
            number = self.groups
        else:
            self.at += 2
        body = self.alternatives()
        if self.peek() != ")":
            raise NotAPattern("a group is not closed")
        self.at += 1
        self.depth -= 1
        if not captures:
            return body
        self.closed.add(number)
        return [
            Step("save", to=2 * number),
            *_shifted(body, 1),
            Step("save", to=2 * number + 1),
        ]

    def escape(self) -> list[Step]:
        char = self.text[self.at : self.at + 1]
        if char.isdecimal() and char != "0":
            number = int(char)
            self.at += 1
            longer = self.text[self.at : self.at + 1]
            if longer.isdecimal() and number * 10 + int(longer) <= self.groups:
                number = number * 10 + int(longer)
                self.at += 1
            if number not in self.closed:
                raise NotAPattern("a back-reference names no closed group")
            return [Step("back", to=number)]
        before = self.at
        test = self.class_escape()
        # Categories keep their case under flag i; an escaped letter does not.
        return [Step("char", test if self.text[before] in _SETS else self.cased(test))]

    def class_escape(self) -> CharTest:
        test, self.at = escape_test(self.text, self.at)
        if test is None:
            raise NotAPattern("an escape is not known")
        return test

    def char_class(self) -> CharTest:
        self.depth += 1
        if self.depth > DEEPEST_GROUP:
            raise NotAPattern("classes are nested too deeply")
        negated = self.text.startswith("^", self.at)
        self.at += negated
        tests: list[CharTest] = []
        minus: CharTest | None = None
        first = True
        while True:
            char = self.text[self.at : self.at + 1]
            if not char:
                raise NotAPattern("a class is not closed")
            if char == "]" and not first:
                break
            if char == "-" and self.text.startswith("[", self.at + 1) and not first:
                self.at += 2
                minus = self.char_class()
                if not self.text.startswith("]", self.at):
                    raise NotAPattern("a subtraction must end its class")
                break
            tests.append(self.class_part(first=first))
            first = False
        self.at += 1
        self.depth -= 1
        return _class_test(tests, negated, minus)

    def class_part(self, *, first: bool) -> CharTest:
        low, test = self.class_char(first=first)
        follows = self.text[self.at + 1 : self.at + 2]
        if low is None or not self.text.startswith("-", self.at) or follows in ("]", "[", ""):
            return test
        self.at += 1
        high, _ = self.class_char(first=False)
        if high is None or high < low:
            raise NotAPattern("a range of characters runs backwards")
        return self.cased(_within(low, high))

    def class_char(self, *, first: bool) -> tuple[str | None, CharTest]:
        char = self.text[self.at : self.at + 1]
        if char == "\\":
            before = self.at
            self.at += 1
            test = self.class_escape()
            plain = {"n": "\n", "r": "\r", "t": "\t"}
            letter = self.text[before + 1]
            if self.at == before + 2 and letter not in _SETS:
                return plain.get(letter, letter), self.cased(test)
            return None, test
        if char in ("[", "", "]"):
            raise NotAPattern("a bracket inside a class must be escaped")
        follows = self.text[self.at + 1 : self.at + 2]
        if char == "-" and not first and follows not in ("]", "["):
            raise NotAPattern("a hyphen stands between characters")
        self.at += 1
        return char, self.cased(_only(char))

    def cased(self, test: CharTest) -> CharTest:
        if "i" not in self.flags:
            return test

        def either(char: str) -> bool:
            return test(char) or test(char.lower()) or test(char.upper())

        return either

    def quantity(self) -> tuple[int, int | None, bool]:
        char = self.peek()
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if char in simple and char:
            self.at += 1
            least, most = simple[char]
        elif char == "{":
            end = self.text.find("}", self.at)
            low, comma, high = self.text[self.at + 1 : end].partition(",")
            if end < 0 or not _digits(low) or (high and not _digits(high)):
                raise NotAPattern("a quantity is not {n}, {n,} or {n,m}")
            self.at = end + 1
            least = int(low)
            most = int(high) if high else None if comma else least
            if most is not None and most < least:
                raise NotAPattern("a quantity runs backwards")
        else:
            return 1, 1, False
        lazy = self.peek() == "?"
        self.at += lazy
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            raise NotAPattern("a quantity follows a quantity")
        return least, most, lazy


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _only(wanted: str) -> CharTest:
    return lambda char: char == wanted


def _within(low: str, high: str) -> CharTest:
    return lambda char: low <= char <= high


def _not_line_end(char: str) -> bool:
    return not is_line_end(char)


def _class_test(tests: list[CharTest], negated: bool, minus: CharTest | None) -> CharTest:
    def test(char: str) -> bool:
        inside = any(one(char) for one in tests)
        return inside is not negated and not (minus is not None and minus(char))

    return test


def _shifted(steps: list[Step], by: int) -> list[Step]:
    """Return the steps with their jumps moved; jumps are relative to the start of the list."""
    if by == 0:
        return steps
    return [
        Step(step.act, step.test, step.to + by, step.other + by) if step.act in ("split", "jump") else step
        for step in steps
    ]


def _held(steps: list[Step]) -> None:
    if len(steps) > LONGEST_PROGRAM:
        raise WorkExceeded("the size of a regular expression", LONGEST_PROGRAM)


def _repeated(atom: list[Step], least: int, most: int | None, lazy: bool) -> list[Step]:
    size = len(atom)
    if size * max(least, most or 0, 1) > LONGEST_PROGRAM:
        raise WorkExceeded("the size of a regular expression", LONGEST_PROGRAM)
    made: list[Step] = []
    for _ in range(least):
        made.extend(_shifted(atom, len(made)))

    def choice(enter: int, leave: int) -> Step:
        return Step("split", to=leave, other=enter) if lazy else Step("split", to=enter, other=leave)

    if most is None:
        loop = len(made)
        made.append(choice(loop + 1, loop + size + 2))
        made.extend(_shifted(atom, loop + 1))
        made.append(Step("jump", to=loop))
        return made
    end = len(made) + (most - least) * (size + 1)
    for _ in range(most - least):
        made.append(choice(len(made) + 1, end))
        made.extend(_shifted(atom, len(made)))
    return made


def _without_space(text: str) -> str:
    """Return the pattern without white space, which flag x allows outside of classes."""
    made: list[str] = []
    depth = 0
    escaped = False
    for char in text:
        if depth == 0 and char in " \t\n\r":
            continue
        if not escaped:
            depth += (char == "[") - (char == "]" and depth > 0)
        escaped = char == "\\" and not escaped
        made.append(char)
    return "".join(made)


@lru_cache(maxsize=512)
def pattern(text: str, flags: str) -> Pattern | None:
    """Compile a pattern, or return None when it is not one or a flag is not known."""
    if any(flag not in "smixq" for flag in flags):
        return None
    if "q" in flags:
        plain: list[Step] = [Step("char", _Compiler("", flags).cased(_only(char))) for char in text]
        _held(plain)
        return Pattern([*plain, Step("match")], 0, flags)
    compiler = _Compiler(_without_space(text) if "x" in flags else text, flags)
    try:
        return Pattern(compiler.whole(), compiler.groups, flags)
    except NotAPattern:
        return None
