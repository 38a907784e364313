"""Asking for an outline in a terminal: what is said becomes a service that works, what does not fit is asked again."""

from collections.abc import Callable
from pathlib import Path

from motcua.packs.asking import Asking
from motcua.packs.beginning import begin_pack, starter
from motcua.packs.outline import Outline
from motcua.packs.proof import prove
from motcua.packs.reading import read_pack


def talk(answer: Callable[[str], str]) -> tuple[Outline, list[str], list[str]]:
    asked: list[str] = []
    told: list[str] = []

    def read(prompt: str) -> str:
        asked.append(prompt)
        return answer(prompt)

    return Asking(read, told.append).outline(starter()), asked, told


def lines(*said: str) -> Callable[[str], str]:
    waiting = iter(said)

    def answer(prompt: str) -> str:
        for one in waiting:
            return one
        raise EOFError(prompt)

    return answer


FACE = ("Đỗ xe", "Parking", "Xin chỗ đỗ xe.", "Ask for a place.", "Cư dân", "Residents", "so_ttt")
LAW = ("Bạn cư trú tại đây.", "You live here.", "12", "Quyết định", "Decision", "UBND", "16")
FIELDS = (
    *("days", "Số ngày", "Days", "number", "1", "90", "", "10"),
    *("vehicle", "Loại xe", "Vehicle", "choice", "car=Ô tô/Car; truck=Xe tải/Truck", "y", "car"),
    "",
)
FACTS = ("listed", "Có tên trong dữ liệu dân cư", "Listed", "population", "", "true", "")
RULES = (
    *("listed", "false", "false", "", "not_listed", "Bạn không có tên.", "You are not listed."),
    *("Khai báo tạm trú.", "Register.", ""),
    *(
        "vehicle",
        '"truck"',
        "truck",
        "refer",
        "trucks",
        "Xe tải do cán bộ xem.",
        "An officer looks at trucks.",
    ),
    *("Bạn chưa phải làm gì.", "Nothing now.", "2"),
    "",
)
GRANT = ("days", "", "", "")


def test_what_is_said_is_a_service_that_works(tmp_path: Path) -> None:
    outline, _, _ = talk(lines(*FACE, *LAW, "n", *FIELDS, *FACTS, *RULES, *GRANT))

    pack = read_pack(begin_pack(code="parking", under=tmp_path, outline=outline))

    assert prove(pack).findings == ()
    assert pack.content.manifest.title.vi == "Đỗ xe"
    assert [(row.answer, row.reason) for row in outline.rules] == [
        ("refuse", "not_listed"),
        ("refer", "trucks"),
    ]
    assert outline.grant.days == "days"
    assert outline.within_working_hours == 16


def test_enter_keeps_the_starter() -> None:
    assert talk(lambda prompt: "")[0] == starter()


def test_end_of_the_input_keeps_the_starter() -> None:
    assert talk(lines("Tên khác", "Another name"))[0].title.en == "Another name"


def test_answer_that_does_not_fit_is_asked_again() -> None:
    outline, asked, told = talk(lines(*FACE[:-1], "Sở 1", "so_ttt", *LAW[:-1], "soon", "0x", "24"))

    assert outline.agency == "so_ttt"
    assert outline.within_working_hours == 24
    assert sum("agency" in one for one in asked) == 2
    assert sum("Chưa hợp lệ" in one for one in told) == 3


def test_part_that_does_not_fit_is_asked_again() -> None:
    bad = ("listed", "", "false", "", "not_listed", "a", "b", "c", "d", "")
    outline, _, told = talk(lines(*FACE, *LAW, "n", *FIELDS, *FACTS, "nobody", *bad, *RULES, *GRANT))

    assert [row.reason for row in outline.rules] == ["not_listed", "trucks"]
    assert any("neither asked nor looked up" in one for one in told)
