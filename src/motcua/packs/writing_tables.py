"""Writes the decision table of an outline as DMN, with the shapes that editors draw."""

from xml.sax.saxutils import escape, quoteattr

from motcua.procedures.content import feel_name

from .outline import AskedField, LookedUp, Outline
from .writing import unknown_reason

KINDS = {"number": "number", "date": "date", "promise": "boolean"}
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
    xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
    xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/"
    xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/"
"""
ANNOTATIONS = ("vi", "en", "source", "remedy_vi", "remedy_en")
# What happens to whoever waits for a person.
NOTHING_TO_DO = ("Bạn chưa phải làm gì.", "You need do nothing now.")
Row = tuple[list[str], str, str, list[str]]


def written_table(code: str, outline: Outline) -> str:
    """Return the DMN model: an item definition for each list of options, and one table, first row first."""
    name, namespace = feel_name(code), f"https://motcua.example/packs/{code}"
    title = outline.title
    return (
        HEAD
        + f"    id={quoteattr(code)} name={quoteattr(name)} label={quoteattr(title.vi)}"
        + f" namespace={quoteattr(namespace)}>\n"
        + f"  <description>{escape(f'{outline.summary.vi} / {outline.summary.en}')}</description>\n"
        + "".join(_item(one) for one in outline.subjects if one.options)
        + VERDICT_TYPE
        + "".join(_input(one) for one in outline.subjects)
        + _decision(outline)
        + _diagram(outline)
        + "</definitions>\n"
    )


VERDICT_TYPE = """  <itemDefinition id="type_tVerdict" name="tVerdict">
    <itemComponent id="type_tVerdict_answer" name="answer">
      <typeRef>string</typeRef>
    </itemComponent>
    <itemComponent id="type_tVerdict_reason" name="reason">
      <typeRef>string</typeRef>
    </itemComponent>
  </itemDefinition>
"""


def _type_of(one: AskedField | LookedUp) -> str:
    if one.options:
        return "t" + one.name.title().replace("_", "")
    return KINDS.get(one.kind, "string") if isinstance(one, AskedField) else one.type


def _item(one: AskedField | LookedUp) -> str:
    name = _type_of(one)
    words = "; ".join(f"{each.value}: {each.label.vi} / {each.label.en}" for each in one.options)
    allowed = ",".join(f'"{each.value}"' for each in one.options)
    return (
        f'  <itemDefinition id="type_{name}" name="{name}">\n'
        f"    <description>{escape(words)}</description>\n"
        f"    <typeRef>string</typeRef>\n"
        f"    <allowedValues>\n      <text>{escape(allowed)}</text>\n    </allowedValues>\n"
        f"  </itemDefinition>\n"
    )


def _input(one: AskedField | LookedUp) -> str:
    name = feel_name(one.name)
    spoken = f"{_lower(one.label.vi)} / {_lower(one.label.en)}"
    return (
        f'  <inputData id="input_{one.name}" name="{name}" label={quoteattr(one.label.vi)}>\n'
        f"    <description>{escape(spoken)}</description>\n"
        f'    <variable name="{name}" typeRef="{_type_of(one)}"/>\n'
        f"  </inputData>\n"
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _rows(outline: Outline) -> list[Row]:
    """Return the rows: those of the outline, one for each value that may be unknown, and the grant."""
    names = [one.name for one in outline.subjects]
    rows: list[Row] = [
        (
            [row.when.get(name, "-") for name in names],
            row.answer,
            row.reason,
            [row.says.vi, row.says.en, f"SOURCES.md mục {row.clause}", row.remedy.vi, row.remedy.en],
        )
        for row in outline.rules
    ]
    for one in outline.subjects:
        said = [
            f"Chưa biết {_lower(one.label.vi)}, nên một cán bộ sẽ kiểm tra.",
            f"Not known: {_lower(one.label.en)}. An officer will check.",
            "SOURCES.md mục unknown",
            *NOTHING_TO_DO,
        ]
        cells = ["null" if name == one.name else "-" for name in names]
        rows.append((cells, "refer", unknown_reason(outline, one.name), said))
    grant = outline.grant
    said = [grant.says.vi, grant.says.en, f"SOURCES.md mục {grant.clause}", "", ""]
    return [*rows, (["-"] * len(names), "grant", grant.reason, said)]


def _decision(outline: Outline) -> str:
    needs = "".join(
        f'    <informationRequirement id="need_verdict_{one.name}">'
        f'<requiredInput href="#input_{one.name}"/></informationRequirement>\n'
        for one in outline.subjects
    )
    columns = "".join(
        f'      <input id="verdict_in{at}" label={quoteattr(one.label.vi)}>\n'
        f'        <inputExpression typeRef="{_type_of(one)}">\n'
        f"          <text>{feel_name(one.name)}</text>\n        </inputExpression>\n      </input>\n"
        for at, one in enumerate(outline.subjects, 1)
    )
    rules = "".join(_rule(at, row) for at, row in enumerate(_rows(outline), 1))
    return (
        '  <decision id="decision_verdict" name="verdict" label="Kết quả xét">\n'
        "    <question>Có cấp không, vì sao? / Is it granted, and why?</question>\n"
        f'    <variable name="verdict" typeRef="tVerdict"/>\n{needs}'
        f'    <decisionTable id="table_verdict" hitPolicy="FIRST">\n{columns}'
        '      <output id="verdict_out1" name="answer" label="Kết quả" typeRef="string">\n'
        '        <outputValues>\n          <text>"grant","refuse","refer"</text>\n        </outputValues>\n'
        "      </output>\n"
        '      <output id="verdict_out2" name="reason" label="Mã lý do" typeRef="string"/>\n'
        + "".join(f'      <annotation name="{name}"/>\n' for name in ANNOTATIONS)
        + rules
        + "    </decisionTable>\n  </decision>\n"
    )


def _rule(at: int, row: Row) -> str:
    cells, answer, reason, said = row
    parts = [
        *(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells),
        *(f'<outputEntry><text>"{value}"</text></outputEntry>' for value in (answer, reason)),
        *(f"<annotationEntry><text>{escape(text)}</text></annotationEntry>" for text in said),
    ]
    inside = "".join(f"        {part}\n" for part in parts)
    return f'      <rule id="verdict_rule{at}">\n{inside}      </rule>\n'


def _diagram(outline: Outline) -> str:
    """Return the drawing: the inputs in a line, the decision above them."""
    shapes = _shape("decision_verdict", 100, 80, 180, 80)
    edges = ""
    for at, one in enumerate(outline.subjects):
        left = 40 + at * 150
        shapes += _shape(f"input_{one.name}", left, 220, 135, 45)
        edges += (
            f'      <dmndi:DMNEdge id="edge_verdict_{one.name}" dmnElementRef="need_verdict_{one.name}">\n'
            f'        <di:waypoint x="{left + 67}" y="220"/>\n        <di:waypoint x="190" y="160"/>\n'
            "      </dmndi:DMNEdge>\n"
        )
    return (
        f'  <dmndi:DMNDI>\n    <dmndi:DMNDiagram id="diagram">\n{shapes}{edges}'
        "    </dmndi:DMNDiagram>\n  </dmndi:DMNDI>\n"
    )


def _shape(element: str, left: int, top: int, width: int, height: int) -> str:
    return (
        f'      <dmndi:DMNShape id="shape_{element}" dmnElementRef="{element}">\n'
        f'        <dc:Bounds x="{left}" y="{top}" width="{width}" height="{height}"/>\n'
        "      </dmndi:DMNShape>\n"
    )
