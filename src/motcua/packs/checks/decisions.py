"""The decision model: it loads, reads only what the pack gives it, answers as the workflow expects, and says why."""

import re
from collections.abc import Iterator

from motcua import rules
from motcua.procedures.content import FactDeclaration, feel_name
from motcua.registers.declaration import BY_DIRECTIVE
from motcua.rules.tables import CompiledTable

from ..findings import Finding, Said, did_you_mean
from ..reading import Pack
from .scopes import decision_names

WORD = re.compile(r'"([^"]*)"')
PLACE = re.compile(r"\{([^{}]+)\}")
# Unknown names and values outside a list are told below in the words of the pack.
REMEDY_OF = {
    "overlap": Said(
        "Make the rules exclude each other, or put the table under the policy FIRST.",
        "Sửa để các dòng không trùng nhau, hoặc đặt bảng theo cách “dòng khớp đầu tiên” (FIRST).",
    ),
    "gap": Said(
        "Add a rule for what is left, such as one that refers it to a person.",
        "Thêm một dòng cho phần còn lại, ví dụ chuyển cho cán bộ.",
    ),
    "missing": Said("Add a rule for it.", "Thêm một dòng cho trường hợp đó."),
    "unreachable": Said(
        "Remove the rule, or narrow one before it.", "Bỏ dòng này, hoặc thu hẹp dòng đứng trước."
    ),
    "type": Said("Write a value of the column's type.", "Viết giá trị đúng kiểu của cột."),
}
PROBLEM_OF = {
    "overlap": "các dòng {rules} cùng khớp một trường hợp",
    "gap": "có trường hợp không dòng nào khớp, kết quả sẽ trống",
    "missing": "không dòng nào khớp khi có điều chưa rõ",
    "unreachable": "dòng {rules} không bao giờ được áp dụng",
    "type": "dòng {rules} có giá trị không đúng kiểu của cột",
}
# The answering table speaks to the citizen; the others explain themselves to whoever reads the tables.
SPOKEN = ("vi", "en", "source")
NOTED = ("note_vi", "note_en", "source")
REMEDIES = ("remedy_vi", "remedy_en")


def check_decisions(pack: Pack) -> Iterator[Finding]:
    """Yield what is wrong with the model and with its place in the pack."""
    if pack.content.manifest.decision is None:
        yield from _nothing_asked(pack)
        return
    file = pack.model_file
    try:
        model = rules.load(pack.content.decision_model.encode())
    except rules.ModelRefused as error:
        named = f"{error.element}: " if error.element else ""
        yield Finding(file, error.line or 0, f"{named}{error.message}", error.remedy)
        return
    yield from _doubts(pack, model)
    yield from _inputs(pack, model)
    yield from _outputs(pack, model)
    yield from _tables_as_a_whole(pack, model)
    for table in model.tables:
        yield from _allowed_values(file, table)
        yield from _annotations(pack, model, table)
    yield from _answers(pack, model)


def _nothing_asked(pack: Pack) -> Iterator[Finding]:
    """Facts that no rule reads: without a decision nothing keeps them, and each is a look at somebody's data."""
    for index, fact in enumerate(pack.content.facts):
        yield Finding(
            "facts.yaml",
            pack.line_of("facts.yaml", index),
            Said(
                f"{fact.name} is asked and nobody decides by rule",
                f"hỏi dữ kiện {fact.name} trong khi không có bảng quyết định nào",
            ),
            Said(
                "Remove the question, or give pack.yaml a decision.",
                "Bỏ câu hỏi này, hoặc khai mục decision trong pack.yaml.",
            ),
        )


def _doubts(pack: Pack, model: rules.Model) -> Iterator[Finding]:
    """Names that nothing gives: the standard reads them as null, a lawyer never means that."""
    known = [*model.inputs, *model.decisions]
    for unit in model.loaded.linked.units.values():
        for doubt, line, where in unit.doubts:
            named = WORD.search(doubt)
            remedy = did_you_mean(named[1], known) if named else Said("Correct it.", "Hãy sửa lại.")
            place = ", ".join(part for part in (unit.element.name, where) if part)
            problem = Said(f"{place}: {doubt}", f"{place}: tên chưa ai biết ({doubt})")
            yield Finding(pack.model_file, line, problem, remedy)


def _tables_as_a_whole(pack: Pack, model: rules.Model) -> Iterator[Finding]:
    """Overlaps, gaps and dead rules; a gap in the answering table would leave a citizen without an answer."""
    answering = pack.content.manifest.answering
    for found in model.check():
        if found.kind not in REMEDY_OF:
            continue
        serious = found.severity == "error" or (found.kind == "gap" and found.decision == answering)
        example = ", ".join(f"{name} = {value}" for name, value in found.example.items())
        vi = PROBLEM_OF[found.kind].format(rules=", ".join(map(str, found.rules)))
        problem = Said(
            f"{found.decision}: {found.message.rstrip('.')}"
            + (f" (for example {example})" if example else ""),
            f"bảng {found.decision}: {vi}" + (f" (ví dụ {example})" if example else ""),
        )
        yield Finding(
            pack.model_file,
            found.line,
            problem,
            REMEDY_OF[found.kind],
            weight="error" if serious else "warning",
        )


def _inputs(pack: Pack, model: rules.Model) -> Iterator[Finding]:
    given = decision_names(pack)
    lines = {unit.element.name: unit.element.line for unit in model.loaded.linked.units.values()}
    for name in model.inputs:
        if name not in given:
            yield Finding(
                pack.model_file,
                lines.get(name, 0),
                Said(
                    f'the input "{name}" is neither a field of the form nor a fact',
                    f"đầu vào “{name}” không phải mục của biểu mẫu, cũng không phải dữ kiện",
                ),
                did_you_mean(name, given),
            )
    needed = {pointer for fact in pack.content.facts for pointer in fact.match.values()}
    needed.add(pack.content.manifest.place or "")
    layout = pack.content.credential
    carried = " ".join(claim.value for claim in layout.claims) if layout else ""
    for index, fact in enumerate(pack.content.facts):
        name = feel_name(fact.name)
        if _remembers_the_law(fact):
            continue
        if name not in model.inputs and f"fact.{fact.name}" not in needed and name not in carried:
            # What nobody needs is not asked: each question is a look at somebody's data.
            yield Finding(
                "facts.yaml",
                pack.line_of("facts.yaml", index),
                f"{fact.name} is asked and no rule reads it",
                "Remove the question.",
            )


def _remembers_the_law(fact: FactDeclaration) -> bool:
    """Tell whether the fact is the number of the directive at a place: about nobody, kept with the decision."""
    return fact.returns == BY_DIRECTIVE and "applicant" not in fact.match.values()


def _outputs(pack: Pack, model: rules.Model) -> Iterator[Finding]:
    pointer = pack.content.manifest.decision
    assert pointer is not None
    for place, name in (("answer", pointer.answer), *(("outputs", output) for output in pointer.outputs)):
        if name not in model.decisions:
            line = pack.line_of("pack.yaml", "decision", place)
            yield Finding(
                "pack.yaml",
                line,
                Said(
                    f'decision.{place}: the model has no decision "{name}"',
                    f"tệp quy tắc không có quyết định “{name}”",
                ),
                did_you_mean(name, model.decisions),
            )


def _allowed_values(file: str, table: CompiledTable) -> Iterator[Finding]:
    for column, clause in enumerate(table.table.outputs):
        allowed = WORD.findall(clause.values.text) if clause.values is not None else []
        if not allowed:
            continue
        for number, rule in enumerate(table.table.rules, 1):
            cell = rule.outputs[column]
            literal = WORD.fullmatch(cell.text.strip())
            if literal and literal[1] not in allowed:
                name = clause.name or table.owner
                yield Finding(
                    file,
                    cell.line,
                    Said(
                        f'rule {number}, output "{name}": "{literal[1]}" is not an allowed value '
                        f"({', '.join(allowed)})",
                        f"bảng {table.owner}, dòng {number}, cột “{name}”: “{literal[1]}” không thuộc các giá trị "
                        f"được phép ({', '.join(allowed)})",
                    ),
                    did_you_mean(literal[1], allowed),
                )


def _annotations(pack: Pack, model: rules.Model, table: CompiledTable) -> Iterator[Finding]:
    answering = table.owner == pack.content.manifest.answering
    known = {*model.inputs, *model.decisions}
    granting = _leading_to(pack, "granted")
    for number, rule in enumerate(table.table.rules, 1):
        wanted: tuple[str, ...] = SPOKEN if answering else NOTED
        if answering and _answer_of(table, number - 1) not in granting:
            wanted = (*SPOKEN, *REMEDIES)
        for column in wanted:
            if not rule.annotations.get(column):
                yield Finding(
                    pack.model_file,
                    rule.line,
                    Said(
                        f'{table.owner}, rule {number}: the annotation "{column}" is empty',
                        f"bảng {table.owner}, dòng {number}: chưa ghi mục “{column}”",
                    ),
                    Said(
                        "Every rule says why in both languages, with its source, and what helps.",
                        "Mỗi dòng phải nói lý do bằng hai thứ tiếng, có căn cứ và cách khắc phục.",
                    ),
                )
        for text in rule.annotations.values():
            for name in PLACE.findall(text):
                if name not in known:
                    yield Finding(
                        pack.model_file,
                        rule.line,
                        Said(
                            f"{table.owner}, rule {number}: {{{name}}} is neither an input nor a decision",
                            f"bảng {table.owner}, dòng {number}: {{{name}}} không phải đầu vào hay quyết định",
                        ),
                        did_you_mean(name, known),
                    )


def _answer_of(table: CompiledTable, at: int) -> str | None:
    names = [clause.name for clause in table.table.outputs]
    if "answer" not in names:
        return None
    literal = WORD.fullmatch(table.table.rules[at].outputs[names.index("answer")].text.strip())
    return literal[1] if literal else None


def _answers(pack: Pack, model: rules.Model) -> Iterator[Finding]:
    answering, answers = pack.content.manifest.answering, pack.content.workflow.answers
    table = next((each for each in model.tables if each.owner == answering), None)
    names = [clause.name for clause in table.table.outputs] if table else []
    if table is None or "answer" not in names or "reason" not in names:
        yield Finding(
            pack.model_file,
            0,
            Said(
                f'the decision "{answering}" must be a table with the outputs answer and reason',
                f"quyết định “{answering}” phải là một bảng có hai cột kết quả answer và reason",
            ),
            Said("Add both columns.", "Thêm đủ hai cột."),
        )
        return
    found = {_answer_of(table, at): rule.line for at, rule in enumerate(table.table.rules)}
    for answer, line in found.items():
        if answer is None:
            yield Finding(
                pack.model_file,
                line,
                Said("an answer is not a plain text", "có kết quả không phải là chữ trong ngoặc kép"),
                Said(
                    'Write one of the answers in quotes, such as "grant".',
                    'Viết một kết quả trong ngoặc kép, ví dụ "grant".',
                ),
            )
        elif answer not in answers:
            yield Finding(
                pack.model_file,
                line,
                Said(
                    f'no act of workflow.yaml carries out "{answer}"',
                    f"quy trình không có bước nào thực hiện kết quả “{answer}”",
                ),
                did_you_mean(answer, answers),
            )
    for answer in answers:
        if answer not in found:
            line = pack.line_of("workflow.yaml", "answers", answer)
            yield Finding(
                "workflow.yaml",
                line,
                Said(f'no rule ever answers "{answer}"', f"không dòng nào cho kết quả “{answer}”"),
                did_you_mean(answer, filter(None, found)),
            )
    yield from _unknowns(pack, table)


def _unknowns(pack: Pack, table: CompiledTable) -> Iterator[Finding]:
    """A condition that asks for null is an unknown fact; it may lead to a person, never to a refusal."""
    refusing = _leading_to(pack, "refused")
    for number, rule in enumerate(table.table.rules, 1):
        unknown = any(cell.text.strip() == "null" for cell in rule.inputs)
        if unknown and _answer_of(table, number - 1) in refusing:
            yield Finding(
                pack.model_file,
                rule.line,
                Said(
                    f"{table.owner}, rule {number} refuses because something is unknown",
                    f"bảng {table.owner}, dòng {number} từ chối chỉ vì có điều chưa rõ",
                ),
                Said("Refer it to a person.", "Hãy chuyển cho cán bộ."),
            )


def _leading_to(pack: Pack, phase: str) -> set[str]:
    workflow = pack.content.workflow
    return {
        answer
        for answer, act in workflow.answers.items()
        if workflow.states[workflow.acts[act].target].phase == phase
    }
