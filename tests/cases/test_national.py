"""States and channels as the national portal numbers them."""

from pathlib import Path

import pytest
import yaml

from motcua.cases.national import CHANNELS, NATIONAL_STATUSES, national_channel, national_status
from motcua.cases.states import Channel
from motcua.procedures.content import State

PACKS = Path(__file__).resolve().parents[2] / "packs"
# What the clock of a state and its phase leave open to it.
OF_CLOCK = {"receiving": {1, 2}, "additions": {5}, "payment": {6}}
OF_PHASE = {"granted": {9, 10}, "refused": {9, 10}, "closed": {3, 7, 8}}


def test_there_are_ten_statuses_and_three_channels() -> None:
    assert [*NATIONAL_STATUSES] == [*range(1, 11)]
    assert [*CHANNELS] == [1, 2, 3]


def test_every_channel_is_one_of_three() -> None:
    numbers = {channel: national_channel(channel).number for channel in Channel}

    assert numbers == {Channel.COUNTER: 1, Channel.ONLINE: 2, Channel.API: 2, Channel.POST: 3}


@pytest.mark.parametrize("pack", sorted(path.parent.name for path in PACKS.glob("*/workflow.yaml")))
def test_states_of_packs_are_what_their_status_says(pack: str) -> None:
    workflow = yaml.safe_load((PACKS / pack / "workflow.yaml").read_text(encoding="utf-8"))

    for name, raw in workflow["states"].items():
        state = State.model_validate(raw)
        allowed = OF_CLOCK.get(state.clock) or OF_PHASE.get(state.phase) or {1, 2, 4}
        assert national_status(state).number in allowed, name
