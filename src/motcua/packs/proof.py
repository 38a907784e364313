"""Proves a pack by its own examples: each must come out as written, and together they must hit every rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import ValidationError

from motcua import rules
from motcua.cases.plans import LayoutNotUsable
from motcua.cases.result_texts import result_text
from motcua.procedures.forms import FormRefused, check_values
from motcua.procedures.result import RESULT_NAMES

from .examples import AnswerExample, CaseExample, Given
from .findings import Finding, Said, did_you_mean, in_vietnamese, listed
from .reading import Pack
from .trials import RuleNumber, Trial
from .walks import Walk

Plain = str | int | float | bool | None
# A step of a proof is a fault in words, or the rules that it hit.
Step = str | frozenset[RuleNumber]


@dataclass(frozen=True, slots=True)
class Proven:
    """One example and what went otherwise than written; no fault means it holds."""

    name: str
    file: str
    line: int
    faults: tuple[str, ...]
    hit: frozenset[RuleNumber]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The faults with their place."""
        remedy = Said(
            "Correct the example, or the rule if the example is right.",
            "Sửa ví dụ, hoặc sửa quy tắc nếu ví dụ đúng.",
        )
        return tuple(
            Finding(
                self.file,
                self.line,
                Said(f"{self.name}: {fault}", f"{self.name}: {in_vietnamese(fault)}"),
                remedy,
            )
            for fault in self.faults
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """Every example of the pack, and the rules that none of them reaches."""

    examples: tuple[Proven, ...]
    unreached: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that keeps the pack from being proven."""
        return (*(finding for each in self.examples for finding in each.findings), *self.unreached)


def prove(pack: Pack) -> Proof:
    """Run every example; costs a few evaluations an example."""
    prover = Prover(pack)
    examples = tuple(prover.examples())
    reached = {number for each in examples for number in each.hit}
    return Proof(examples, tuple(_unreached(pack, prover.trial.model, reached)))


def _unreached(pack: Pack, model: rules.Model, reached: set[RuleNumber]) -> Iterator[Finding]:
    for table in model.tables:
        for number, rule in enumerate(table.table.rules, 1):
            if (table.owner, number) not in reached:
                yield Finding(
                    pack.model_file,
                    rule.line,
                    Said(
                        f"no example reaches {table.owner}, rule {number}",
                        f"không ví dụ nào chạm tới bảng {table.owner}, dòng {number}",
                    ),
                    Said(
                        "Add an example that does, or remove the rule.",
                        "Thêm một ví dụ chạm tới dòng này, hoặc bỏ dòng.",
                    ),
                )


class Prover:
    """Runs examples of one pack one by one, so that a test can name each."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.content = pack.content
        self.trial = Trial(pack)

    def examples(self) -> Iterator[Proven]:
        """Yield every example of every file, proven or not."""
        seen: set[str] = set()
        for file, examples in self.pack.examples.items():
            for index, answer in enumerate(examples.answers):
                given = {**examples.base, **answer.given}
                yield self._proven(file, ("answers", index), answer.name, seen, self._answer(answer, given))
            for index, case in enumerate(examples.cases):
                yield self._proven(file, ("cases", index), case.name, seen, self._case(case))

    def _proven(
        self,
        file: str,
        place: tuple[str, int],
        name: str,
        seen: set[str],
        steps: Iterator[Step],
    ) -> Proven:
        faults: list[str] = []
        hit = set[RuleNumber]()
        if name in seen:
            faults.append(Said("another example has this name", "một ví dụ khác đã có tên này"))
        seen.add(name)
        try:
            for step in steps:
                if isinstance(step, str):
                    faults.append(step)
                else:
                    hit |= step
        except (rules.RulesError, ValueError) as error:
            faults.append(str(error))
        return Proven(name, file, self.pack.line_of(file, *place), tuple(faults), frozenset(hit))

    def _answer(self, example: AnswerExample, given: Given) -> Iterator[Step]:
        scope = self.trial.scope(given)
        for name in self.trial.model.inputs:
            if name not in scope:
                yield Said(
                    f'"{name}" is not given; write null for an unknown fact',
                    f"chưa cho “{name}”; điều chưa rõ thì viết null",
                )
        answer, reason, hit = self.trial.decide(scope)
        yield hit
        if (answer, reason) != (example.answer, example.reason):
            yield _otherwise(f"{answer}/{reason}", f"{example.answer}/{example.reason}")
        yield from self._outputs(example.outputs, scope)
        turns = example.turns
        if turns is None:
            return
        answer, reason, hit = self.trial.decide(self.trial.scope({**given, **turns.change}))
        yield hit
        changes = ", ".join(f"{name} = {value}" for name, value in turns.change.items())
        if answer != turns.answer or (turns.reason is not None and reason != turns.reason):
            wanted = f"{turns.answer}/{turns.reason or 'any'}"
            yield Said(
                f"with {changes} it comes out as {answer}/{reason}, not {wanted}",
                f"khi {changes}, kết quả là {answer}/{reason}, không phải {wanted}",
            )
        if answer == example.answer:
            yield Said(
                f"{changes} does not turn the answer, which stays {answer}",
                f"{changes} không làm đổi kết quả, vẫn là {answer}",
            )

    def _outputs(self, wanted: Mapping[str, Plain], scope: Mapping[str, object]) -> Iterator[Step]:
        known = self.content.manifest.outputs
        for name in wanted:
            if name not in known:
                yield f"{name} is no output of the decision. {did_you_mean(name, known)}"
        for name, tried in self.trial.outputs(scope).items():
            yield tried.hit
            if name in wanted and not _same(tried.value, wanted[name]):
                yield _is_not(name, _shown(tried.value), _shown(wanted[name]))

    def _case(self, example: CaseExample) -> Iterator[Step]:
        try:
            values = check_values(self.content.form, example.form)
        except FormRefused as refusal:
            if set(refusal.errors) != set(example.refused_fields):
                yield f"the form refuses {listed(sorted(refusal.errors))}, not {listed(example.refused_fields)}"
            return
        if example.refused_fields:
            yield f"the form takes what it should refuse in {listed(example.refused_fields)}"
            return
        workflow = self.content.workflow
        scope = self.trial.scope({**values, **example.facts, "today": example.today})
        if self.content.manifest.decision is None:
            walk = Walk(self.content, example, self.trial.complete(scope))
            if example.state not in (None, walk.state):
                yield _leads_to(walk.state, example.state)
            yield from walk.due_is(example.due, "filing")
            yield from self._further(example, walk, scope)
            return
        if example.silent and workflow.silence is not None:
            act = workflow.acts[workflow.silence]
        else:
            answer, reason, hit = self.trial.decide(scope)
            yield hit
            if example.answer is not None and (answer, reason) != (example.answer, example.reason):
                yield _otherwise(f"{answer}/{reason}", f"{example.answer}/{example.reason}")
            act = workflow.acts[workflow.answers[answer]]
        if example.state not in (None, act.target):
            yield _leads_to(act.target, example.state)
        if example.letter is not None and act.letter != example.letter:
            yield f"sends the letter {act.letter}, not {example.letter}"
        walk = Walk(self.content, example, self.trial.complete(scope))
        walk.began_by(act)
        yield from self._further(example, walk, scope)

    def _further(self, example: CaseExample, walk: Walk, scope: dict[str, object]) -> Iterator[Step]:
        yield from walk.steps(example)
        yield from self._paper(example, walk, scope)
        issues = walk.issues
        wanted = bool(example.credential or example.valid_from or example.valid_until)
        if wanted and not issues:
            yield "no credential is issued on this way"
        elif issues:
            yield from self._credential(example, {**scope, **walk.found_in_feel})

    def _paper(self, example: CaseExample, walk: Walk, scope: dict[str, object]) -> Iterator[Step]:
        rows: dict[str, str] = {}
        for found in walk.drafted:
            whole = self.trial.whole({**walk.known, **scope, **found}, example.holder)
            try:
                text = result_text(self.content, whole, dict.fromkeys(RESULT_NAMES, "…"))
            except (LayoutNotUsable, ValidationError) as fault:
                yield f"no paper can be drafted: {fault}"
                return
            rows = {row.label: row.value for row in text.rows}
        for label, wanted in example.paper.items():
            if rows.get(label) != wanted:
                yield f'the paper says "{rows.get(label, "")}" beside {label}, not "{wanted}"'

    def _credential(self, example: CaseExample, scope: dict[str, object]) -> Iterator[Step]:
        for tried in self.trial.outputs(scope).values():
            yield tried.hit
        claims, validity = self.trial.carried(scope, example.holder)
        for name, value in claims.items():
            if value is None:
                yield f"the claim {name} is null"
        for name, wanted in example.credential.items():
            if not _same(claims.get(name), wanted):
                yield f"the claim {name} is {_shown(claims.get(name))}, not {_shown(wanted)}"
        if None not in claims.values():
            # Raises PassTooLong, which is a fault of the layout like any other.
            self.trial.sealed(claims)
        for part, day in (("valid_from", example.valid_from), ("valid_until", example.valid_until)):
            value = validity[part]
            if not isinstance(value, date):
                yield f"{part} is {value}, not a date"
            elif day is not None and value.isoformat() != day:
                yield f"{part} is {value.isoformat()}, not {day}"


def _otherwise(found: str, wanted: str) -> Said:
    return Said(f"comes out as {found}, not {wanted}", f"kết quả là {found}, không phải {wanted}")


def _leads_to(found: str, wanted: str | None) -> Said:
    return Said(f"leads to {found}, not {wanted}", f"dẫn tới {found}, không phải {wanted}")


def _is_not(name: str, found: str, wanted: str) -> Said:
    return Said(f"{name} is {found}, not {wanted}", f"{name} là {found}, không phải {wanted}")


def _same(found: object, wanted: Plain) -> bool:
    if isinstance(found, Decimal) and isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return found == Decimal(str(wanted))
    return type(found) is type(wanted) and found == wanted


def _shown(value: object) -> str:
    """Return the value so that a text and a number look different."""
    return f'"{value}"' if isinstance(value, str) else "null" if value is None else str(value)
