"""The answer to one case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from motcua.rules.changes import Wanted
from motcua.rules.explanation import Explanation
from motcua.rules.rendering import rendered
from motcua.rules.routes import Found, Route
from motcua.rules.tables import Hit
from motcua.rules.values import Value, as_literal


class Decision:
    """The answer to one case: `value` as plain Python, `why` it is so, `text` for people."""

    __slots__ = ("_found", "_why", "feel_value", "route", "trace")

    def __init__(self, route: Route, feel_value: Value, found: Found, trace: Sequence[Hit]) -> None:
        self.route = route
        self.feel_value = feel_value
        self.trace = trace
        self._found = found
        self._why: Explanation | None = None

    @property
    def value(self) -> Any:
        """The answer as plain Python; a dict for a table of several outputs."""
        return self.route.plain_value(self.feel_value)

    @property
    def why(self) -> Explanation:
        """The explanation; worked out when its parts are read."""
        if self._why is None:
            self._why = Explanation(self.route, self.feel_value, self._found, self.trace)
        return self._why

    def text(self, language: str = "vi", *, wanted: Wanted = None) -> str:
        """Return the answer, its reasons, and what would change it, as sentences in `vi` or `en`.

        `wanted` lists the answers that a change should lead to, or tests one; any other by default.
        """
        return rendered(self.why, language, wanted)

    def __repr__(self) -> str:
        # Facts are about people: they stay out of logs.
        return f"Decision({self.route.unit.element.name!r}: {as_literal(self.feel_value)})"
