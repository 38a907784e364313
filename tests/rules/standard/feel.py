"""Evaluates lines of FEEL as a model would, to hold them beside what the standard says."""

from motcua.rules import load
from motcua.rules.values import Value

from ..models import decision, definitions, literal


def cases(text: str) -> list[tuple[str, str]]:
    """Return the expression and the wanted value of each line `expression => value`."""
    return [tuple(line.rsplit(" => ", 1)) for line in text.strip().splitlines()]


def value_of(text: str) -> Value:
    """Return the FEEL value of a decision of this text; what cannot be read is null."""
    model = load(definitions(decision("answer", literal(text))), tolerant=True)
    return model.invoke("decision", "answer", {})


def same(seen: Value, wanted: Value) -> bool:
    """Say whether two values are alike in kind and in every part; 1 and 1.0 are alike."""
    if type(seen) is not type(wanted):
        return False
    if isinstance(seen, list):
        return len(seen) == len(wanted) and all(
            same(one, other) for one, other in zip(seen, wanted, strict=True)
        )
    if isinstance(seen, dict):
        return seen.keys() == wanted.keys() and all(same(seen[name], wanted[name]) for name in seen)
    return seen == wanted
