"""What packs may say beside the usual: registers that are asked over the network, outputs of several parts."""

import logging
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import garden
import pytest
from directing import OTHER_WARD, WARD
from garden import words
from town import CREDENTIAL, FACTS, FIRST, MANIFEST, MODEL, SWITCH_AT, Town, number_of

from motcua.credentials.models import Credential
from motcua.procedures.services import install_revision
from motcua.registers.declaration import Declaration
from motcua.registers.models import RegisterAccess
from motcua.registers.services import declare
from motcua.simulators.register.server import Behavior, make_server
from motcua.switching.models import DryRun, Effect
from motcua.switching.switch import execute

STANDINGS = ("paid", "lapsed", "paid", "paid")
RED = f'{{zones.color: {{default: green, places: {{"{WARD}": red}}}}, limits.days: 14}}'
YELLOW = f'{{zones.color: {{default: green, places: {{"{WARD}": yellow}}}}, limits.days: 14}}'


@pytest.fixture
def far(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behavior]:
    """Move the members to a register of another agency."""
    monkeypatch.setattr("motcua.registers.sources.http.REST_SECONDS", 0.0)
    members = tmp_path / "far.csv"
    rows = [f"{number_of(at)},{standing}" for at, standing in enumerate(STANDINGS)]
    members.write_text("person,standing\n" + "\n".join(rows) + "\n")
    behavior = Behavior()
    server = make_server(members, as_of=FIRST, behavior=behavior)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    declare(
        Declaration.model_validate(
            {
                "name": "members",
                "title": words("Danh sách hội viên"),
                "owner": "garden",
                "absence_means": "unknown",
                "source": "http",
                "endpoint": f"http://127.0.0.1:{server.server_port}/",
                "purposes": ["garden_key"],
                "key": ["person"],
                "columns": [
                    {"name": "person", "type": "person", "label": words("Người"), "required": True},
                    {"name": "standing", "type": "text", "label": words("Tình trạng")},
                ],
            }
        ),
        now=FIRST,
    )
    yield behavior
    server.shutdown()
    server.server_close()


def test_a_register_over_the_network_is_taken_as_each_case_was_decided(town: Town, far: Behavior) -> None:
    filed = [town.file(at, (WARD, OTHER_WARD)[at % 2]) for at in range(len(STANDINGS))]
    far.silent = True
    noted = RegisterAccess.objects.count()

    run_id = town.try_out(town.draft("08/CT-UBND", RED, at=SWITCH_AT))

    found = DryRun.objects.get(pk=run_id)
    assert found.result["taken_from_decisions"] == ["member"]
    assert RegisterAccess.objects.count() == noted
    effects = {effect.case_number: effect for effect in Effect.objects.of_run(run_id)}
    assert {number: effect.category for number, effect in effects.items()} == {
        filed[0].number: "revoked",
        filed[2].number: "revoked",
        filed[3].number: "extended",
    }
    assert effects[filed[0].number].before_rule == "green"


def test_facts_of_the_network_tell_two_cases_apart(town: Town, far: Behavior) -> None:
    paid, lapsed = town.file(0), town.file(1)
    whose = {paid.number: paid, lapsed.number: lapsed}
    assert {one.number: one.answer for one in whose.values()} == {paid.number: "yes", lapsed.number: "no"}

    run_id = town.try_out(town.draft("08/CT-UBND", YELLOW, at=SWITCH_AT))

    (effect,) = Effect.objects.of_run(run_id)
    assert (effect.case_number, effect.after_rule) == (paid.number, "yellow")


TABLE = """<decision id="d_days" name="validity">
    <variable name="validity"/>
    <informationRequirement id="r3"><requiredInput href="#i_color"/></informationRequirement>
    <decisionTable id="t_validity" hitPolicy="FIRST">
      <input id="v1" label="Màu"><inputExpression typeRef="string"><text>color</text></inputExpression></input>
      <output id="v2" name="days" typeRef="number"/>
      <output id="v3" name="hours" typeRef="string"/>
      <rule id="v_green"><inputEntry><text>"green"</text></inputEntry><outputEntry><text>7</text></outputEntry>
        <outputEntry><text>"5-22"</text></outputEntry></rule>
      <rule id="v_other"><inputEntry><text>-</text></inputEntry><outputEntry><text>3</text></outputEntry>
        <outputEntry><text>"6-18"</text></outputEntry></rule>
    </decisionTable>
  </decision>"""
# No table has this form, so that the model itself decides.
CONTEXT = """<decision id="d_days" name="validity">
    <variable name="validity"/>
    <informationRequirement id="r3"><requiredInput href="#i_color"/></informationRequirement>
    <literalExpression id="l_validity">
      <text>if color = "green" then {days: 7, hours: "5-22"} else {days: 3, hours: "6-18"}</text>
    </literalExpression>
  </decision>"""
LAYOUT = {
    **CREDENTIAL,
    "valid_until": 'today + duration("P1D") * validity.days',
    "claims": [
        {"key": "n", "name": "holder", "label": words("Tên"), "value": "holder name"},
        {"key": "h", "name": "hours", "label": words("Giờ"), "value": "validity.hours"},
        {"key": "t", "name": "told", "label": words("Nói"), "value": 'color + " " + validity.hours'},
    ],
}


def install(decision: str) -> None:
    begins = MODEL.index('<decision id="d_days"')
    model = MODEL[:begins] + decision + MODEL[MODEL.index("</decision>", begins) + len("</decision>") :]
    manifest = {**MANIFEST, "decision": {**MANIFEST["decision"], "outputs": ["validity"]}}
    whole = garden.content(manifest=manifest, facts=FACTS, credential=LAYOUT, decision_model=model)
    install_revision(content=whole, sha256=sha256(decision.encode()).hexdigest(), now=FIRST)


@pytest.mark.parametrize(("decision", "by_the_model"), [(TABLE, False), (CONTEXT, True)])
def test_outputs_of_several_parts_are_written_as_the_ordinary_path_writes_them(
    town: Town, caplog: pytest.LogCaptureFixture, decision: str, *, by_the_model: bool
) -> None:
    install(decision)
    filed = [town.file(at, (WARD, OTHER_WARD)[at % 2]) for at in (0, 3, 6)]
    with caplog.at_level(logging.INFO, logger="motcua.switching.deciding"):
        switch_id = town.confirmed(parameters=YELLOW)

    run_id = DryRun.objects.latest("asked_at").pk
    execute(switch_id, SWITCH_AT)

    assert ("decided by distinct rows" in caplog.text) is by_the_model
    effects = {effect.case_number: effect for effect in Effect.objects.of_run(run_id)}
    assert set(effects) == {filed[0].number, filed[2].number}
    for number, effect in effects.items():
        assert effect.category == "downgraded"
        assert effect.claims == {"h": "6-18", "t": "yellow 6-18"}
        old, new = Credential.objects.filter(case_number=number).order_by("issued_at")
        assert {key: new.claims[key] for key in effect.claims} == effect.claims
        assert (new.valid_from, new.valid_to) == (effect.after_from, effect.after_until)
        assert new.valid_to < old.valid_to


def test_parts_of_an_output_are_told_with_the_effect(town: Town) -> None:
    stored = []
    for decision in (TABLE, CONTEXT):
        install(decision)
        number = town.file(len(stored) * 3).number
        run_id = town.try_out(town.draft(f"0{len(stored)}/CT", YELLOW, at=SWITCH_AT))
        stored.append(Effect.objects.get(run_id=run_id, case_number=number).outputs)

    assert stored[0] == {"validity.days": 3, "validity.hours": "6-18"}
    assert stored[1] == {"validity": {"days": 3, "hours": "6-18"}}
