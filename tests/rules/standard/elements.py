"""Larger parts of DMN models for the tests of the standard."""

from motcua.rules import load
from motcua.rules.values import Value

from ..models import definitions, requirements


def context(*entries: tuple[str, str]) -> str:
    """Return a boxed context; an entry is its name and its box, the result has no name."""
    made = ""
    for name, box in entries:
        variable = f'<variable name="{name}"/>' if name else ""
        made += f"<contextEntry>{variable}{box}</contextEntry>"
    return f"<context>{made}</context>"


def typed_entry(name: str, kind: str, box: str) -> str:
    """Return a boxed context of one typed entry."""
    return f'<context><contextEntry><variable name="{name}" typeRef="{kind}"/>{box}</contextEntry></context>'


def knowledge(
    name: str, parameters: dict[str, str], box: str, *requires: str, kind: str = "", body_kind: str = ""
) -> str:
    """Return a knowledge model with parameters by name and type, either of which may be empty."""
    formal = "".join(f'<formalParameter name="{one}"{_typed(of)}/>' for one, of in parameters.items())
    foreign = f' kind="{body_kind}"' if body_kind else ""
    return (
        f'<businessKnowledgeModel name="{name}" id="{name}"><variable name="{name}"{_typed(kind)}/>'
        f"{requirements(*requires)}<encapsulatedLogic{foreign}>{formal}{box}</encapsulatedLogic>"
        "</businessKnowledgeModel>"
    )


def function_box(parameters: dict[str, str], box: str, *, kind: str = "", body_kind: str = "") -> str:
    """Return a boxed function."""
    formal = "".join(f'<formalParameter name="{one}"{_typed(of)}/>' for one, of in parameters.items())
    foreign = f' kind="{body_kind}"' if body_kind else ""
    return f"<functionDefinition{_typed(kind)}{foreign}>{formal}{box}</functionDefinition>"


def invocation(called: str, bindings: dict[str, str]) -> str:
    """Return a boxed invocation; a binding without a box has no value."""
    made = "".join(f'<binding><parameter name="{name}"/>{box}</binding>' for name, box in bindings.items())
    return f"<invocation>{called}{made}</invocation>"


def service(
    name: str,
    outputs: list[str],
    *,
    encapsulated: tuple[str, ...] = (),
    decisions: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    kind: str = "",
) -> str:
    """Return a decision service."""
    made = "".join(f'<outputDecision href="#{one}"/>' for one in outputs)
    made += "".join(f'<encapsulatedDecision href="#{one}"/>' for one in encapsulated)
    made += "".join(f'<inputDecision href="#{one}"/>' for one in decisions)
    made += "".join(f'<inputData href="#in {one}"/>' for one in inputs)
    return f'<decisionService name="{name}" id="{name}"><variable name="{name}"{_typed(kind)}/>{made}</decisionService>'


def answer_of(elements: str, facts: dict[str, Value] | None = None, name: str = "answer") -> Value:
    """Return the FEEL value of a decision of a model of these elements."""
    return load(definitions(elements), tolerant=True).invoke("decision", name, facts or {})


def _typed(kind: str) -> str:
    return f' typeRef="{kind}"' if kind else ""
