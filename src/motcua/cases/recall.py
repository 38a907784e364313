"""What the same values led to before, so that the rules are not run again for a question that they have answered."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import unescape
from operator import itemgetter
from typing import Generic, TypeVar, cast

MOST = 4096
Found = TypeVar("Found")
# Of these kinds equal values mean the same.
_TOLD_APART = frozenset({str, bool, int, Decimal, date, type(None)})
# Of a kind of its own: a name that the scope has not is another thing than one whose value is null.
_ABSENT, _NOTHING = object(), object()
# Functions of FEEL that read the clock, called or, in what is no remark for people, named.
_CALLED = re.compile(r"\b(now|today)\s*\(")
_NAMED = re.compile(r"\bnow\b")
_REMARK = re.compile(r"<(\w+:)?(annotationEntry|description)\b.*?</(\w+:)?\2>", re.DOTALL)


def reads_the_clock(text: str) -> bool:
    """Tell whether an expression or model may read the clock by itself, so that it is not the same tomorrow."""
    plain = unescape(text)
    return _CALLED.search(plain) is not None or _NAMED.search(_REMARK.sub("", plain)) is not None


class Recall(Generic[Found]):
    """Remembers what a function of some of the scope gave; the function must read nothing else.

    Holds ``MOST`` answers at most, then begins anew.
    """

    __slots__ = ("_known", "_names", "_of", "_read")

    def __init__(self, names: Sequence[str], of: Callable[[Mapping[str, object]], Found]) -> None:
        self._names = tuple(names)
        self._of = of
        # With the first name twice, so that it is a tuple for one name as well.
        self._read = itemgetter(*names, names[0]) if names else None
        self._known: dict[tuple[object, ...], Found] = {}

    def __call__(self, scope: Mapping[str, object]) -> Found:
        """Return what the function gives for the scope; raises what it raises, each time anew."""
        try:
            values = () if self._read is None else self._read(scope)
        except KeyError:
            values = tuple([scope.get(name, _ABSENT) for name in self._names])
        kinds = tuple(map(type, values))
        if Decimal in kinds:
            # 1.0 and 1.00 are equal, and FEEL writes them differently.
            values = tuple([str(value) if type(value) is Decimal else value for value in values])
        # The kinds too: true and 1 are equal, and mean something else.
        key, known = (values, kinds), self._known
        try:
            found = known.get(key, _NOTHING)
        except TypeError:
            # A list or a context has no hash, and is not remembered.
            return self._of(scope)
        if found is not _NOTHING:
            # Only what may be told apart was ever kept.
            return cast("Found", found)
        answer = self._of(scope)
        if _TOLD_APART.issuperset(kinds):
            if len(known) >= MOST:
                known.clear()
            known[key] = answer
        return answer
