"""`motcua clock FILE` tells a dossier in words, and says in a sentence what it cannot read."""

from pathlib import Path

import pytest

from motcua.site.commands import main

from .test_calendar_files import GOOD

DOSSIER = """
budget: 5 working days
steps: {thẩm định: 3, ký duyệt: 1}
events:
  - 2026-11-02 08:00 received
  - 2026-11-02 08:00 entered thẩm định
  - 2026-11-04 08:00 paused additions
  - 2026-11-06 08:00 resumed
  - 2026-11-09 08:00 extended until 2026-11-16 17:00 because chờ ý kiến sở chuyên ngành
at: 2026-11-12 09:30
"""


def told(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *options: str) -> list[str]:
    file = tmp_path / "dossier.yaml"
    file.write_text(text, "utf-8")

    status = main(["clock", str(file), *options])

    assert status == 0, capsys.readouterr().err
    return capsys.readouterr().out.splitlines()


def test_dossier_is_told_in_vietnamese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(tmp_path, capsys, DOSSIER) == [
        "Hạn trả kết quả: 17:00 16/11/2026.",
        "Đã dùng 6 ngày 1 giờ 30 phút làm việc, còn 2 ngày 6 giờ làm việc.",
        "Tạm dừng (chờ bổ sung hồ sơ) từ 08:00 04/11/2026 đến 08:00 06/11/2026, không tính 2 ngày làm việc.",
        "Số lần yêu cầu bổ sung: 1.",
        "Gia hạn từ 08:00 11/11/2026 đến 17:00 16/11/2026, lý do: chờ ý kiến sở chuyên ngành.",
        "Bước thẩm định: đã dùng 6 ngày 1 giờ 30 phút làm việc, hạn 17:00 12/11/2026.",
        "Thư xin lỗi phải soạn từ 07:30 13/11/2026.",
        "Đang giải quyết, chưa trễ hạn (trong thời hạn), xét đến 09:30 12/11/2026, theo Quyết định 766/QĐ-TTg.",
    ]


def test_dossier_is_told_in_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = DOSSIER.replace("at: 2026-11-12 09:30", "at: 2026-11-17 09:00")

    assert told(tmp_path, capsys, late, "--lang", "en") == [
        "Due: 17:00 16/11/2026 (overdue).",
        "Used 9 days 1 hour of working time, 1 hour 30 minutes of working time too much.",
        "Stood (waiting for additions) from 08:00 04/11/2026 to 08:00 06/11/2026, 2 days of working time not counted.",
        "Requests for additions: 1.",
        "Extended from 08:00 11/11/2026 to 17:00 16/11/2026, because: chờ ý kiến sở chuyên ngành.",
        "Step thẩm định: used 9 days 1 hour of working time, due 17:00 12/11/2026, late.",
        "A letter of apology is due from 07:30 13/11/2026.",
        "Open, late (past the date due), judged at 09:00 17/11/2026, by Decision 766/QĐ-TTg.",
    ]


@pytest.mark.parametrize(
    ("events", "vi", "en"),
    [
        (
            ["2026-11-02 08:00 received", "2026-11-03 08:00 paused payment"],
            [
                "Đang tạm dừng: chưa có ngày hẹn trả.",
                "Đã dùng 1 ngày làm việc, còn 4 ngày làm việc.",
                "Tạm dừng (chờ nộp phí) từ 08:00 03/11/2026 đến nay, không tính 5 ngày làm việc.",
                "Đang giải quyết, chưa trễ hạn (trong thời hạn), xét đến 08:00 10/11/2026, theo Quyết định 766/QĐ-TTg.",
            ],
            [
                "The clock stands: no date is due.",
                "Used 1 day of working time, 4 days of working time left.",
                "Stood (waiting for payment) from 08:00 03/11/2026 until now, 5 days of working time not counted.",
                "Open, on time (within the time allowed), judged at 08:00 10/11/2026, by Decision 766/QĐ-TTg.",
            ],
        ),
        (
            ["2026-11-02 08:00 received", "2026-11-10 07:45 paused other"],
            [
                "Đang tạm dừng: chưa có ngày hẹn trả.",
                "Đã quá hạn từ 08:00 09/11/2026.",
                "Đã dùng 5 ngày 7 giờ 45 phút làm việc, vượt 7 giờ 45 phút làm việc.",
                "Tạm dừng (lý do khác) từ 07:45 10/11/2026 đến nay, không tính 15 phút làm việc.",
                "Thư xin lỗi phải soạn từ 07:30 06/11/2026.",
                "Đang giải quyết, đã trễ hạn (quá ngày hẹn trả), xét đến 08:00 10/11/2026, theo Quyết định 766/QĐ-TTg.",
            ],
            [
                "The clock stands: no date is due.",
                "Overdue since 08:00 09/11/2026.",
                "Used 5 days 7 hours 45 minutes of working time, 7 hours 45 minutes of working time too much.",
                "Stood (another reason) from 07:45 10/11/2026 until now, 15 minutes of working time not counted.",
                "A letter of apology is due from 07:30 06/11/2026.",
                "Open, late (past the date due), judged at 08:00 10/11/2026, by Decision 766/QĐ-TTg.",
            ],
        ),
        (
            ["2026-11-02 08:00 received", "2026-11-02 08:00 entered check", "2026-11-09 08:00 done"],
            [
                "Kết thúc: giải quyết xong, 08:00 09/11/2026.",
                "Hạn trả kết quả: 08:00 09/11/2026.",
                "Đã dùng 5 ngày làm việc, còn 0 phút làm việc.",
                "Bước check: đã dùng 5 ngày làm việc.",
                "Đã kết thúc, đúng hạn (trong thời hạn), xét đến 08:00 09/11/2026, theo Quyết định 766/QĐ-TTg.",
            ],
            [
                "Done at 08:00 09/11/2026.",
                "Due: 08:00 09/11/2026.",
                "Used 5 days of working time, 0 minutes of working time left.",
                "Step check: used 5 days of working time.",
                "Finished, on time (within the time allowed), judged at 08:00 09/11/2026, by Decision 766/QĐ-TTg.",
            ],
        ),
        (
            ["2026-11-02 08:00 received", "2026-11-09 09:00 returned"],
            [
                "Kết thúc: trả kết quả, 09:00 09/11/2026.",
                "Hạn trả kết quả: 08:00 09/11/2026.",
                "Đã dùng 5 ngày 1 giờ làm việc, vượt 1 giờ làm việc.",
                "Đã kết thúc, trễ hạn (quá ngày hẹn trả), xét đến 09:00 09/11/2026, theo Quyết định 766/QĐ-TTg.",
            ],
            [
                "Result returned at 09:00 09/11/2026.",
                "Due: 08:00 09/11/2026.",
                "Used 5 days 1 hour of working time, 1 hour of working time too much.",
                "Finished, late (past the date due), judged at 09:00 09/11/2026, by Decision 766/QĐ-TTg.",
            ],
        ),
    ],
    ids=["standing", "standing-and-late", "done", "returned-late"],
)
def test_every_state_has_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], events: list[str], vi: list[str], en: list[str]
) -> None:
    text = "budget: 5 working days\nevents:\n" + "".join(f"  - {line}\n" for line in events)

    assert told(tmp_path, capsys, text, "--at", "2026-11-10 08:00") == vi
    assert told(tmp_path, capsys, text, "--at", "2026-11-10 08:00", "--lang", "en") == en


def test_file_may_be_told_as_it_stood_before_its_last_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(tmp_path, capsys, DOSSIER, "--at", "2026-11-03 08:00")

    assert lines[:2] == [
        "Hạn trả kết quả: 08:00 09/11/2026.",
        "Đã dùng 1 ngày làm việc, còn 4 ngày làm việc.",
    ]


def test_waiting_and_provisional_dates_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiting = "budget: 16 working hours\nstarts: accepted\nevents: [2026-11-02 08:00 received]"
    provisional = "budget: 5 working days\nevents: [2026-12-30 08:00 received]"

    assert told(tmp_path, capsys, waiting)[0] == "Chờ tiếp nhận: thời hạn chưa bắt đầu."
    assert told(tmp_path, capsys, provisional, "--at", "2026-12-30 09:00")[1] == (
        "Ngày này là tạm tính: chưa có thông báo lịch nghỉ của năm đó."
    )
    assert told(tmp_path, capsys, provisional, "--at", "2026-12-30 09:00", "--lang", "en")[1] == (
        "This date is provisional: the holidays of that year are not announced yet."
    )


def test_calendar_of_ones_own_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mornings.yaml").write_text(GOOD, "utf-8")
    text = "budget: 0.5 working days\nevents: [2026-05-11 11:00 received]\nat: 2026-05-11 11:00"

    lines = told(tmp_path, capsys, text, "--calendar", str(tmp_path / "mornings.yaml"))

    assert lines[0] == "Hạn trả kết quả: 09:00 12/05/2026."


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("06 08:00 resumed", "06 08:00 done", "sự kiện 5 (gia hạn, 09/11/2026 08:00): hồ sơ đã kết thúc"),
        ("budget: 5 working days", "budget: one week", "budget: 'one week'; write 5 working days"),
        ("budget: 5 working days", "budget: 2 working days", "the steps take 4 of 2 working days"),
        ("budget: 5 working days", "duration: 5", "a dossier has budget"),
        ("at: 2026-11-12 09:30", "at: tomorrow", "'tomorrow' is no moment"),
        ("at: 2026-11-12 09:30", "on: 2026-11-12", "on: not known; the keys are"),
        (
            "at: 2026-11-12 09:30",
            "at: 2026-11-01 09:30",
            "no event: the clock begins with the event received",
        ),
        (
            "2026-11-04 08:00 paused additions",
            "Wednesday paused",
            "event 3: 'Wednesday paused'; write a moment",
        ),
        ("paused additions", "waited additions", "event 3: 'waited' is no kind"),
        ("2026-11-04 08:00 paused", "2026-11-34 08:00 paused", "'2026-11-34 08:00' is no moment"),
        ("steps: {thẩm định: 3, ký duyệt: 1}", "steps: 3", "steps: write a mapping"),
        ("2026-11-02 08:00 received", "2028-11-02 08:00 received", "the working calendar ends on 31/12/2027"),
        ("events:", "events: {}\nold:", "old: not known"),
        ("budget: 5", "\tbudget: 5", "this is not YAML"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, said: str
) -> None:
    assert before in DOSSIER
    file = tmp_path / "dossier.yaml"
    file.write_text(DOSSIER.replace(before, after), "utf-8")

    status = main(["clock", str(file)])

    out, err = capsys.readouterr()
    assert (status, out) == (1, "")
    assert err.startswith("motcua clock: ")
    assert said in err


def test_refusal_in_english_and_missing_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "dossier.yaml"
    file.write_text("budget: 5 working days\nevents: [2026-11-02 08:00 done]", "utf-8")

    assert main(["clock", str(file), "--lang", "en"]) == 1
    assert "the dossier is not received yet" in capsys.readouterr().err
    assert main(["clock", str(tmp_path / "nothing.yaml")]) == 1
    assert "No such file" in capsys.readouterr().err
    file.write_text("budget: 5 working days\nevents: 2026-11-02 08:00 received", "utf-8")
    assert main(["clock", str(file)]) == 1
    assert "events: write a list" in capsys.readouterr().err
