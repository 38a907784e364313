"""What a pass says, for whoever reads it: values in words, without what was never answered."""

from collections.abc import Mapping

# A pass may carry a mark where nothing was answered, such as no plate; to a reader it says nothing.
NOT_ANSWERED = frozenset(("", "-", "–"))


def said(value: object) -> str:
    """Return a claim in words, empty where it was not answered."""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "" if value is None or text.strip() in NOT_ANSWERED else text


def answered(claims: Mapping[str, object]) -> dict[str, str]:
    """Return the claims in words, in their order, without those that were not answered."""
    return {key: words for key, value in claims.items() if (words := said(value))}
