"""A reason that is told about many cases leaves out what it would say of one."""

from pathlib import Path

from motcua import rules
from motcua.web.operations.wording import reason_sentence

MODEL = Path(__file__).resolve().parents[3] / "packs" / "travel_pass" / "decisions" / "travel_pass.dmn"


def test_reason_of_many_cases_shows_no_place_to_fill_in() -> None:
    model = rules.load(MODEL)
    reasons = {
        rule.outputs[at].text.strip().strip('"')
        for compiled in model.tables
        for at, output in enumerate(compiled.table.outputs)
        if output.name == "reason"
        for rule in compiled.table.rules
    }

    said = {reason: reason_sentence(model, reason) for reason in reasons}

    told = [each.vi for each in said.values() if each]
    assert any("…" in each for each in told)
    assert not [each for each in told if "{" in each]
