"""The small service of garden.py, asking for a paper that a register's data may stand in for."""

from garden import FACTS, FORM, content, words

from motcua.procedures.content import Content
from motcua.procedures.forms import read_form


def paper_form(**wish: str) -> dict[str, object]:
    """Return the form of the garden with a paper beside its questions."""
    properties = {
        **FORM["properties"],  # type: ignore[dict-item]
        "proof": {
            "type": "string",
            "x-label": words("Thẻ hội viên"),
            "x-widget": "paper",
            "x-paper": {"kind": "other", **wish},
        },
    }
    steps = [{"name": "only", "label": words("Một"), "fields": ["ward", "note", "proof"]}]
    return {**FORM, "properties": properties, "required": ["ward", "proof"], "x-steps": steps}


def with_papers(**wish: str) -> Content:
    """Return the garden's content with that form."""
    return content(form=read_form(paper_form(**wish)).model_dump(by_alias=True), facts=FACTS)
