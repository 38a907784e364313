"""The refusals of the rules engine: each says what happened, where, and what to do next."""

from __future__ import annotations


class RulesError(Exception):
    """Anything the rules engine refuses."""


class FeelRefused(RulesError):
    """An expression that is not FEEL, with the place of the first wrong token."""

    def __init__(self, message: str, *, text: str, offset: int, remedy: str) -> None:
        self.message = message
        self.text = text
        self.offset = offset
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        self.remedy = remedy
        super().__init__(f"line {self.line}, column {self.column}: {message}. {remedy}")


class ModelRefused(RulesError):
    """A DMN model that cannot be loaded, with file, line and column when they are known."""

    def __init__(
        self,
        message: str,
        *,
        remedy: str,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        element: str | None = None,
    ) -> None:
        self.message = message
        self.remedy = remedy
        self.file = file
        self.line = line
        self.column = column
        self.element = element
        where = [file or "model"]
        if line is not None:
            where.append(f"line {line}")
        if column is not None:
            where.append(f"column {column}")
        if element:
            where.append(element)
        super().__init__(f"{', '.join(where)}: {message}. {remedy}")


class UnknownInput(RulesError):
    """A fact whose name the model does not know."""

    def __init__(self, name: str, nearest: str | None, known: tuple[str, ...]) -> None:
        self.name = name
        self.nearest = nearest
        hint = f'Did you mean "{nearest}"?' if nearest else f"Known inputs: {', '.join(known)}."
        super().__init__(f'the model has no input "{name}". {hint}')


class FactNotAllowed(RulesError):
    """A fact whose value is not of the type, or not among the values, that the model declares."""

    def __init__(self, name: str, wanted: str, seen: str) -> None:
        self.name = name
        self.wanted = wanted
        self.seen = seen
        super().__init__(f'input "{name}": {seen} is not allowed, the model wants {wanted}')


class UnknownDecision(RulesError):
    """A decision, knowledge model or service that the model does not have."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        super().__init__(f'the model has no "{name}". It has: {", ".join(known) or "nothing"}.')


class DecisionAmbiguous(RulesError):
    """No decision was named and the model has several that nothing else requires."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(
            f"the model has {len(names)} top decisions ({', '.join(names)}). "
            'Name one: model(facts, decision="...").'
        )


class WorkExceeded(RulesError):
    """An evaluation that would run or grow beyond its bound."""

    def __init__(self, what: str, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the evaluation was stopped: {what} went over {limit:,}. Narrow the data.")
