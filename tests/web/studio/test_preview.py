"""The preview of a draft: the workflow drawn with its acts, letters as they would be read, examples."""

import re

import pytest
from tests.support.drafting import NEW_SERVICE, ROOT

from motcua.packs.folders import read_folder
from motcua.packs.reading import pack_of
from motcua.procedures.content import Workflow
from motcua.web.studio.diagram import HEIGHT, WIDTH, drawn

from .conftest import SignIn

HOME = "/studio/new_service/"


def workflows() -> list[Workflow]:
    folders = [NEW_SERVICE, *sorted((ROOT / "packs").iterdir())]
    return [pack_of(read_folder(folder)).content.workflow for folder in folders if folder.is_dir()]


@pytest.mark.parametrize("workflow", workflows())
def test_every_state_has_a_box_of_its_own_and_every_move_an_arrow(workflow: Workflow) -> None:
    diagram = drawn(workflow)

    assert {box.name for box in diagram.boxes} == set(workflow.states)
    places = {(box.left, box.top) for box in diagram.boxes}
    assert len(places) == len(diagram.boxes)
    assert all(
        box.left + WIDTH < diagram.width and box.top + HEIGHT < diagram.height for box in diagram.boxes
    )
    moves = {(source, act.target) for act in workflow.acts.values() for source in act.source}
    assert len(diagram.arrows) == len(moves)
    numbers = {number for arrow in diagram.arrows for number in arrow.numbers.split(", ")}
    assert numbers == {str(at + 1) for at in range(len(workflow.acts))}


def test_states_stand_behind_each_other_by_their_distance_from_the_start() -> None:
    boxes = {box.name: box for box in drawn(workflows()[0]).boxes}

    assert boxes["received"].left < boxes["with_officer"].left == boxes["granted"].left
    assert boxes["granted"].top != boxes["refused"].top


@pytest.mark.django_db
def test_preview_shows_acts_letters_and_examples(sign_in: SignIn) -> None:
    browser = sign_in()
    browser.post(f"{HOME}begin/")

    page = browser.get(f"{HOME}draft/preview/").content.decode()

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert (
        "1. Cấp hệ thống, chuyên viên, lãnh đạo Đã tiếp nhận; Chờ nguồn dữ liệu; Cán bộ đang xem Đã cấp"
        in text
    )
    assert (
        "Chào Nguyễn Thị Ví Dụ. Thành phố đã chấp thuận hồ sơ VD-261101-00001, có giá trị từ 20/11/2026 đến 20/12/2026"
        in text
    )
    assert "{" not in text
    assert "thirty_days_are_allowed" in text
    assert f'href="{HOME}draft/preview/"' in browser.get(f"{HOME}draft/").content.decode()


@pytest.mark.django_db
def test_preview_without_a_draft_leads_to_the_service(sign_in: SignIn) -> None:
    assert sign_in().get(f"{HOME}draft/preview/").headers["Location"] == HOME
    assert sign_in("no", place="vn.p46").get(f"{HOME}draft/preview/").status_code == 404


@pytest.mark.django_db
def test_preview_shows_each_step_of_the_form_and_nothing_of_it_can_be_sent(sign_in: SignIn) -> None:
    browser = sign_in()
    browser.post(f"{HOME}begin/")
    form = pack_of(read_folder(NEW_SERVICE)).content.form

    page = browser.get(f"{HOME}draft/preview/").content.decode()

    shown = page.partition('id="form"')[2].partition('id="workflow"')[0]
    assert shown.count('<fieldset class="govuk-fieldset mc-card govuk-!-margin-bottom-6" disabled>') == len(
        form.steps
    )
    assert "<form" not in shown
    for field in form.fields:
        assert f'name="{field.name}' in shown
