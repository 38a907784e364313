"""Which names an expression of each file may use."""

from motcua.procedures.content import ALLOTTED_NUMBER, HOLDER_NAMES, feel_name

from ..reading import Pack


def decision_names(pack: Pack) -> tuple[str, ...]:
    """Return what the decision model may ask for: fields, facts, and the day."""
    content = pack.content
    fields = (feel_name(field.name) for field in content.form.fields)
    facts = (feel_name(fact.name) for fact in content.facts)
    return (*fields, *facts, "today")


def found_names(pack: Pack) -> tuple[str, ...]:
    """Return what acts and consults find out, by FEEL name."""
    return tuple(feel_name(name) for name in pack.content.workflow.findings)


def path_names(pack: Pack) -> tuple[str, ...]:
    """Return what conditions of acts and amounts of fees see: fields, facts, the day, and what was found out."""
    return (*decision_names(pack), *found_names(pack))


def credential_names(pack: Pack) -> tuple[str, ...]:
    """Return what a credential's expressions may use: the above, outputs, the holder, places, an allotted number."""
    content = pack.content
    places = (f"{feel_name(field.name)} name" for field in content.form.fields if field.widget == "place")
    allotted = (ALLOTTED_NUMBER,) if content.manifest.allotment else ()
    return (*path_names(pack), *content.manifest.outputs, *HOLDER_NAMES, *places, *allotted)
