"""Further processes help with a long stage; one that hangs does not hold the switch."""

import subprocess
import sys
import time

import pytest
from town import NOW

from motcua.switching import hands
from motcua.switching.hands import WORTH_A_HAND, helped
from motcua.switching.steps import Stage
from motcua.switching.switch_models import Switch


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, settings: object) -> list[subprocess.Popen[bytes]]:
    """Have two hands that do as the test says: the words after ``-c``."""
    settings.MOTCUA_SWITCH_PROCESSES = 3  # type: ignore[attr-defined]
    monkeypatch.setattr("motcua.switching.parts.left_to_do", lambda *_: WORTH_A_HAND)
    return []


def hire(begun: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    popen = subprocess.Popen

    def hired(_command: object) -> subprocess.Popen[bytes]:
        begun.append(popen((sys.executable, "-c", program)))
        return begun[-1]

    monkeypatch.setattr(hands.subprocess, "Popen", hired)


def test_a_hand_that_hangs_is_killed_when_the_stage_has_ended(
    begun: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(begun, monkeypatch, "import time; time.sleep(600)")
    monkeypatch.setattr(hands, "ENDS_WITHIN_SECONDS", 0.2)
    since = time.monotonic()

    with helped(Switch(), Stage.APPLY, NOW):
        pass

    assert [hand.returncode for hand in begun] == [-9, -9]
    assert time.monotonic() - since < 60


def test_a_hand_that_ends_by_itself_is_let_end(
    begun: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(begun, monkeypatch, "import time; time.sleep(0.3)")

    with helped(Switch(), Stage.APPLY, NOW):
        pass

    assert [hand.returncode for hand in begun] == [0, 0]


def test_no_hand_helps_with_revoking(
    begun: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(begun, monkeypatch, "")

    with helped(Switch(), Stage.REVOKE, NOW):
        pass

    assert begun == []
