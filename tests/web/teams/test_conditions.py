"""What a device judges of a form, held to FEEL; the vectors are those that the device's own tests read."""

import json
from pathlib import Path

import pytest

from motcua.packs.reading import read_pack
from motcua.procedures.content import Bilingual, Form, FormField, FormStep
from motcua.procedures.forms import is_shown
from motcua.web.teams.conditions import tree_of

ROOT = Path(__file__).resolve().parents[3]
VECTORS = json.loads((Path(__file__).parent / "conditions.json").read_text(encoding="utf-8"))


def form_with(condition: str) -> tuple[FormField, Form]:
    """Return a form of three questions whose last stands under the condition."""
    label = Bilingual(vi="a", en="a")
    asked = FormField(name="asked", label=label, type="string", show_if=condition)
    fields = (
        FormField(name="use", label=label, type="string"),
        FormField(name="lived_elsewhere", label=label, type="boolean", widget="checkbox"),
        FormField(name="floors", label=label, type="integer", widget="number"),
        asked,
    )
    return asked, Form(steps=(FormStep(name="one", label=label, fields=fields),), json_schema={})


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['feel']} {vector['values']}")
def test_the_device_is_told_what_feel_says(vector: dict[str, object]) -> None:
    field, form = form_with(str(vector["feel"]))
    values = vector["values"]
    assert isinstance(values, dict)

    assert tree_of(field, form) == vector["tree"]
    assert is_shown(field, values, form) is vector["shown"]


@pytest.mark.parametrize(
    "condition",
    [
        "count([use]) = 1",
        "floors + 1 > 2",
        'starts with(use, "m")',
        "floors in [1..3]",
        "if lived elsewhere then true else false",
        "use = floors",
    ],
)
def test_what_a_device_cannot_judge_is_asked_in_any_case(condition: str) -> None:
    field, form = form_with(condition)

    assert tree_of(field, form) is None


@pytest.mark.parametrize("pack", sorted(path.parent.name for path in (ROOT / "packs").glob("*/pack.yaml")))
def test_a_device_judges_every_condition_of_our_packs(pack: str) -> None:
    form = read_pack(ROOT / "packs" / pack).content.form

    assert [field.name for field in form.fields if field.show_if and tree_of(field, form) is None] == []
