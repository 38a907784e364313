"""The answer to one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from motcua.rules.explanation import Explanation
from motcua.rules.program import Program
from motcua.rules.rendering import rendered
from motcua.rules.running import Run
from motcua.rules.tables import Hit
from motcua.rules.units import Unit
from motcua.rules.values import Value, as_literal, to_plain


class Decision:
    """The answer to one case: `value` as plain Python, `why` it is so, `text` for people."""

    __slots__ = ("_why", "feel_value", "given", "model", "run", "trace", "unit")

    def __init__(
        self,
        model: Program,
        unit: Unit,
        *,
        given: Mapping[str, Value],
        feel_value: Value,
        run: Run,
        trace: Sequence[Hit],
    ) -> None:
        self.model = model
        self.unit = unit
        self.given = given
        self.feel_value = feel_value
        self.run = run
        self.trace = trace
        self._why: Explanation | None = None

    @property
    def value(self) -> Any:
        """The answer as plain Python; a dict for a table of several outputs."""
        return to_plain(self.feel_value)

    @property
    def why(self) -> Explanation:
        """The explanation; worked out when its parts are read."""
        if self._why is None:
            self._why = Explanation(
                self.model,
                self.unit,
                run=self.run,
                trace=self.trace,
                given=self.given,
                answer=self.feel_value,
            )
        return self._why

    def text(self, language: str = "vi") -> str:
        """Return the answer and its reasons as sentences in `vi` or `en`."""
        return rendered(self.why, language)

    def __repr__(self) -> str:
        # Facts are about people: they stay out of logs.
        return f"Decision({self.unit.element.name!r}: {as_literal(self.feel_value)})"
