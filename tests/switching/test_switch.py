"""A confirmed directive is carried out on everything outstanding."""

from town import Town

from motcua.switching.steps import SwitchState


def test_everything_outstanding_follows_the_directive(town: Town) -> None:
    town.file_all()

    switch = town.switched()

    print(switch.counts, switch.drift, switch.why_stopped)
    assert switch.state == SwitchState.DONE
