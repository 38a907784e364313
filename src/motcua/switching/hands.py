"""More hands for a long stage: processes beside the worker's own, which take parts until none is left.

Signing and judging are Python, and one process has one core. A hand that dies, or outlives the worker, does no harm:
a part belongs to whoever holds its row, and happens once.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import django
from django.conf import settings

from motcua.switching.steps import Stage

if TYPE_CHECKING:
    from motcua.switching.switch_models import Switch

# Fewer parts than these are done before a process has started.
WORTH_A_HAND = 8
# The stage has ended when it is waited for: what a hand holds still is rolled back, and was done by another.
ENDS_WITHIN_SECONDS = 60.0

log = logging.getLogger(__name__)


@contextmanager
def helped(switch: "Switch", stage: Stage, now: datetime) -> Iterator[None]:
    """Have further processes take parts of the stage while the block runs, and wait for them."""
    from motcua.switching.parts import left_to_do

    hands: list[subprocess.Popen[bytes]] = []
    if stage is not Stage.REVOKE and left_to_do(switch, stage) >= WORTH_A_HAND:
        command = (sys.executable, "-m", __name__, str(switch.pk), stage.value, now.isoformat())
        hands = [subprocess.Popen(command) for _ in range(settings.MOTCUA_SWITCH_PROCESSES - 1)]
    try:
        yield
    finally:
        for hand in hands:
            _let_go(hand)


def _let_go(hand: "subprocess.Popen[bytes]") -> None:
    """Wait for a process that finds no part any more; one that hangs, on a device say, has nothing left to lose."""
    try:
        hand.wait(timeout=ENDS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        log.warning("process %s did not end with its stage and is killed", hand.pid)
        hand.kill()
        hand.wait()


def main(arguments: list[str]) -> int:
    """Take parts of a stage of a switch until none is left."""
    django.setup()
    from motcua.switching.applying import apply_part
    from motcua.switching.parts import Clock, Do, do_parts
    from motcua.switching.switch_models import Switch
    from motcua.switching.undo import undo_cases_part, undo_passes_part

    switch_id, stage, told = arguments
    do: Mapping[Stage, Do] = {
        Stage.APPLY: apply_part,
        Stage.UNDO_PASSES: undo_passes_part,
        Stage.UNDO_CASES: undo_cases_part,
    }
    switch = Switch.objects.select_related("directive", "dry_run", "final_run").get(pk=UUID(switch_id))
    do_parts(switch, Stage(stage), do[Stage(stage)], clock=Clock(datetime.fromisoformat(told)))
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
    sys.exit(main(sys.argv[1:]))
