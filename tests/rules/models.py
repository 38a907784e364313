"""Small DMN models for the tests of the rules engine."""

from xml.sax.saxutils import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(body: str, *, name: str = "model", namespace: str = "urn:test") -> str:
    """Return a DMN file around its elements."""
    return f'<definitions xmlns="{NAMESPACE}" name="{name}" namespace="{namespace}">{body}</definitions>'


def input_data(name: str, kind: str | None = None, label: str = "") -> str:
    """Return an input."""
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<inputData name="{name}" id="in {name}" label="{label}"><variable name="{name}"{typed}/></inputData>'


def requirements(*names: str) -> str:
    """Return the requirements of inputs (`name`), decisions (`d:name`) and knowledge (`k:name`)."""
    made = ""
    for name in names:
        if name.startswith("d:"):
            made += f'<informationRequirement><requiredDecision href="#{name[2:]}"/></informationRequirement>'
        elif name.startswith("k:"):
            made += f'<knowledgeRequirement><requiredKnowledge href="#{name[2:]}"/></knowledgeRequirement>'
        else:
            made += f'<informationRequirement><requiredInput href="#in {name}"/></informationRequirement>'
    return made


def decision(name: str, body: str, *requires: str, kind: str | None = None) -> str:
    """Return a decision around its boxed expression."""
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<decision name="{name}" id="{name}"><variable name="{name}"{typed}/>{requirements(*requires)}{body}</decision>'


def literal(text: str, kind: str | None = None) -> str:
    """Return a literal expression."""
    typed = f' typeRef="{kind}"' if kind else ""
    return f"<literalExpression{typed}><text>{escape(text)}</text></literalExpression>"


def item(name: str, kind: str, allowed: str = "", *, collection: bool = False) -> str:
    """Return an item definition."""
    values = f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    many = ' isCollection="true"' if collection else ""
    return f'<itemDefinition name="{name}"{many}><typeRef>{kind}</typeRef>{values}</itemDefinition>'


def table(
    inputs: list[str],
    rules: list[tuple[list[str], list[str]]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    outputs: list[tuple[str, str, str]] | None = None,
    defaults: list[str] | None = None,
    notes: list[str] | None = None,
    annotations: list[list[str]] | None = None,
) -> str:
    """Return a decision table; an output is its name, type and allowed values."""
    outputs = outputs or [("answer", "", "")]
    folded = f' aggregation="{aggregation}"' if aggregation else ""
    made = f'<decisionTable hitPolicy="{policy}"{folded}>'
    for text in inputs:
        made += f"<input><inputExpression><text>{escape(text)}</text></inputExpression></input>"
    for at, (name, kind, values) in enumerate(outputs):
        typed = f' typeRef="{kind}"' if kind else ""
        made += f'<output name="{name}"{typed}>'
        if values:
            made += f"<outputValues><text>{escape(values)}</text></outputValues>"
        if defaults:
            made += f"<defaultOutputEntry><text>{escape(defaults[at])}</text></defaultOutputEntry>"
        made += "</output>"
    made += "".join(f'<annotation name="{name}"/>' for name in notes or [])
    for number, (cells, conclusions) in enumerate(rules):
        made += f'<rule id="rule {number + 1}">'
        made += "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
        made += "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in conclusions)
        for note in annotations[number] if annotations else []:
            made += f"<annotationEntry><text>{escape(note)}</text></annotationEntry>"
        made += "</rule>"
    return made + "</decisionTable>"


def one_table(inputs: dict[str, str], body: str, *, items: str = "", kind: str | None = None) -> str:
    """Return a model of one table named `answer` over typed inputs."""
    declared = "".join(input_data(name, typed) for name, typed in inputs.items())
    return definitions(items + declared + decision("answer", body, *inputs, kind=kind))


def one_expression(text: str, kind: str | None = None, **inputs: str) -> str:
    """Return a model of one literal decision named `answer` over typed inputs."""
    declared = "".join(input_data(name, typed) for name, typed in inputs.items())
    return definitions(declared + decision("answer", literal(text), *inputs, kind=kind))
