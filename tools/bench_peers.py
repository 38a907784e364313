"""Runs the translated travel pass rule in one other engine; tools/bench_rules.py speaks to it in lines of JSON.

Lives in .venv-bench, away from the packages of the platform: ``bench_peers.py ENGINE FILE``. A line
``{"act": "answers"}`` is answered with all answers, ``{"act": "time", "of": ..., "seconds": ...}`` with a speed.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

Person = dict[str, object]
Answer = list[object]


class Zen:
    """GoRules ZEN, a compiled engine with Python bindings."""

    package = "zen-engine"

    def __init__(self, rule: dict) -> None:
        import zen

        content = zen.ZenDecisionContent(rule["zen"])
        self.decision = zen.ZenEngine().create_decision(content)
        self.engine = zen.ZenEngine({"loader": lambda _: content})

    def one(self, person: Person) -> Answer:
        """Decide one person."""
        result = self.decision.evaluate(person)["result"]
        return [result.get("answer"), result.get("reason")]

    def explained(self, person: Person) -> Answer:
        """Decide one person with the trace."""
        result = self.decision.evaluate(person, {"trace": True})
        return [result["result"], result["trace"]]

    def many(self, people: list[Person]) -> list[Answer]:
        """Decide all by the engine's own batch call."""
        made = self.engine.evaluate_batch([{"key": "pass", "context": person} for person in people])
        results = [one["data"]["result"] if "data" in one else one["result"] for one in made]
        return [[one.get("answer"), one.get("reason")] for one in results]


class OpenFisca:
    """OpenFisca-Core: arrays of people, a formula for each variable."""

    package = "OpenFisca-Core"

    def __init__(self, rule: dict) -> None:
        from openfisca_core import entities, simulations, taxbenefitsystems

        self.builder = simulations.SimulationBuilder
        person = entities.Entity("person", "people", "Person", "")
        self.system = taxbenefitsystems.TaxBenefitSystem([person])
        made = {name for table in rule["tables"] for name in table["outputs"]}
        self.given = {name for table in rule["tables"] for name in table["inputs"]} - made
        for name in self.given:
            self.system.add_variable(self._variable(name, person, None))
        for table in rule["tables"]:
            for at, name in enumerate(table["outputs"]):
                self.system.add_variable(self._variable(name, person, _formula(table, at)))

    @staticmethod
    def _variable(name: str, person: object, formula: Callable | None) -> type:
        from openfisca_core import periods, variables

        number = name == "days_ahead"
        body = {
            "value_type": float if number else int,
            "entity": person,
            "definition_period": periods.DateUnit.MONTH,
            "label": name,
        }
        return type(name, (variables.Variable,), body | ({"formula": formula} if formula else {}))

    def decided(self, people: list[Person], trace: bool) -> tuple[list[Answer], object]:
        """Decide people as one simulation."""
        import numpy

        simulation = self.builder().build_default_simulation(self.system, count=len(people))
        simulation.trace = trace
        for name in self.given:
            if name == "days_ahead":
                column = [numpy.nan if one[name] is None else one[name] for one in people]
                simulation.set_input(name, "2021-09", numpy.array(column, dtype=numpy.float32))
            else:
                codes = [CODES.of(one[name]) for one in people]
                simulation.set_input(name, "2021-09", numpy.array(codes, dtype=numpy.int32))
        answers = simulation.calculate("answer", "2021-09").tolist()
        reasons = simulation.calculate("reason", "2021-09").tolist()
        made = [[CODES.back(one), CODES.back(two)] for one, two in zip(answers, reasons, strict=True)]
        return made, simulation.tracer.computation_log.lines() if trace else None

    def one(self, person: Person) -> Answer:
        """Decide one person."""
        return self.decided([person], trace=False)[0][0]

    def explained(self, person: Person) -> object:
        """Decide one person with the computation log."""
        return self.decided([person], trace=True)

    def many(self, people: list[Person]) -> list[Answer]:
        """Decide all at once."""
        return self.decided(people, trace=False)[0]


class Codes:
    """Numbers for texts, truths and null: OpenFisca's arrays have no null."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"null": 0}
        self.values: list[object] = [None]

    def of(self, value: object) -> int:
        """Return the number of a value."""
        key = "null" if value is None else repr(value)
        if key not in self.numbers:
            self.numbers[key] = len(self.values)
            self.values.append(value)
        return self.numbers[key]

    def back(self, number: int) -> object:
        """Return the value of a number."""
        return self.values[number]


CODES = Codes()


def _formula(table: dict, at: int) -> Callable:
    """Return a vectorised formula: the first rule that holds gives the output."""
    import numpy

    prepared = [
        (
            [
                (name, kind, values if kind == "outside" else [CODES.of(value) for value in values])
                for name, (kind, values) in zip(table["inputs"], rule["cells"], strict=True)
                if kind != "any"
            ],
            CODES.of(rule["outputs"][at]),
        )
        for rule in table["rules"]
    ]

    def condition(name: str, kind: str, values: list, seen: object) -> object:
        if kind == "outside":
            return (seen < values[0]) | (seen > values[1])
        if name == "days_ahead":
            # The one cell on it that names null: not(null).
            return ~numpy.isnan(seen)
        found = seen == values[0]
        for value in values[1:]:
            found = found | (seen == value)
        return found if kind == "among" else ~found

    def formula(person: Callable, period: object) -> object:
        seen = {name: person(name, period) for name in table["inputs"]}
        conditions, outputs = [], []
        for cells, output in prepared:
            holds = numpy.ones(person.count, dtype=bool)
            for name, kind, values in cells:
                holds = holds & condition(name, kind, values, seen[name])
            conditions.append(holds)
            outputs.append(output)
        return numpy.select(conditions, outputs, default=0)

    return formula


class Spiff:
    """SpiffWorkflow's DMN engine: Python in the cells; each decision is a table of its own."""

    package = "SpiffWorkflow"

    def __init__(self, rule: dict) -> None:
        from lxml import etree
        from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
        from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
        from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

        self.engines = []
        for text in rule["spiff"]:
            root = etree.fromstring(text.encode())
            parser = DMNParser(None, root, {"dmn": root.nsmap[None]})
            parser.parse()
            self.engines.append(DMNEngine(parser.decision.decisionTables[0]))
        workflow = type("Workflow", (), {"script_engine": PythonScriptEngine()})()
        self.task = type("Task", (), {"workflow": workflow, "data": {}})()

    def one(self, person: Person) -> Answer:
        """Decide one person: the four tables in turn."""
        self.task.data = dict(person)
        for engine in self.engines:
            self.task.data.update(engine.result(self.task))
        return [self.task.data.get("answer"), self.task.data.get("reason")]

    explained = None

    def many(self, people: list[Person]) -> list[Answer]:
        """Decide all; it has no batch."""
        return [self.one(person) for person in people]


class PyDMNrules:
    """pyDMNrules: FEEL in the cells of a workbook."""

    package = "pyDMNrules"

    def __init__(self, rule: dict) -> None:
        import pyDMNrules

        self.rules = pyDMNrules.DMN()
        status = self.rules.useXML(rule["pydmnrules"])
        if status.get("errors"):
            raise RuntimeError(f"pyDMNrules does not read the rule: {status['errors']}")

    def one(self, person: Person) -> Answer:
        """Decide one person; the last decision of the answer is the verdict."""
        status, results = self.rules.decide(dict(person))
        if status.get("errors"):
            return ["error", str(status["errors"])[:200]]
        last = results[-1] if isinstance(results, list) else results
        return [last["Result"].get("answer"), last["Result"].get("reason")]

    def explained(self, person: Person) -> object:
        """Decide one person; the answer always names the rules that fired."""
        return self.rules.decide(dict(person))

    def many(self, people: list[Person]) -> list[Answer]:
        """Decide all one by one: decidePandas does the same with more work around it."""
        return [self.one(person) for person in people]


ENGINES = {"zen": Zen, "openfisca": OpenFisca, "pydmnrules": PyDMNrules, "spiff": Spiff}


def speed(act: Callable[[Person], object], people: list[Person], seconds: float) -> float:
    """Return decisions in a second of this process's CPU, over people in turn."""
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        act(people[done % len(people)])
        done += 1
    return done / spent


def answered(engine: object, people: list[Person], order: dict) -> object:
    """Carry out one line of the driver."""
    if order["act"] == "answers":
        return [engine.one(person) for person in people]
    if order["act"] == "many answers":
        return engine.many(people)
    if order["of"] == "many":
        rows = (people * (order["rows"] // len(people) + 1))[: order["rows"]]
        began = time.perf_counter()
        engine.many(rows)
        return order["rows"] / (time.perf_counter() - began)
    act = getattr(engine, order["of"])
    return None if act is None else speed(act, people, order["seconds"])


def main() -> None:
    """Read the rule, then orders until the driver closes the pipe."""
    warnings.simplefilter("ignore")
    replies = sys.stdout
    sys.stdout = sys.stderr
    given = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    engine = ENGINES[sys.argv[1]](given["rule"])
    print(
        json.dumps({"package": engine.package, "version": version(engine.package)}), file=replies, flush=True
    )
    for line in sys.stdin:
        answer = answered(engine, given["people"], json.loads(line))
        print(json.dumps(answer), file=replies, flush=True)


if __name__ == "__main__":
    main()
