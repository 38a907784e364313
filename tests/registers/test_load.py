"""Loading a file: what is refused, what is kept, and that nothing changes by halves."""

import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from motcua.agencies.services import load_places
from motcua.registers.files import LONGEST_LINE, FileRefused
from motcua.registers.models import Register, RegisterLoad
from motcua.registers.services import NotLoadable, RegisterNotDeclared, declare, load_csv, loading

from .conftest import AS_OF, HEADER, NOW, NUMBER, OTHER, Load, column, jobs

GOOD = f"a1,{NUMBER},0400101394,active,2027-01-31,40,12.5,true\n"


def records() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record, employer, status, until, hours, wage, remote FROM register_jobs.records"
        )
        return sorted(cursor.fetchall())


def test_a_row_is_stored_in_its_types(load: Load) -> None:
    report = load(GOOD)

    assert (report.rows, report.rejected) == (1, 0)
    assert records() == [("a1", "0400101394", "active", date(2027, 1, 31), 40, Decimal("12.5"), True)]


def test_a_value_outside_the_declared_bounds_is_refused(load: Load) -> None:
    hours = {"name": "hours", "type": "integer", "label": {"vi": "Giờ", "en": "Hours"}}
    columns = [each.model_dump() for each in jobs().columns if each.name != "hours"]
    declare(jobs(columns=[*columns, {**hours, "minimum": "1", "maximum": "48"}]), now=NOW)

    report = load(GOOD + "".join(f"a{n},{NUMBER},x,active,,{n},,\n" for n in (0, 49, 48)))

    assert (report.rows, report.rejected) == (2, 2)
    assert {refusal.column for refusal in report.refused} == {"hours"}
    assert "1–48" in report.refused[0].reason_en


def test_a_citizen_number_is_never_stored(load: Load, person: bytes) -> None:
    load(GOOD)

    with connection.cursor() as cursor:
        cursor.execute("SELECT person, t::text FROM register_jobs.records t")
        [(stored, whole_row)] = cursor.fetchall()
    assert bytes(stored) == person
    assert NUMBER not in whole_row


BAD_ROWS = [
    ("short number", "a2,48090000017,x,active,,,,\n", "person", "leading zero"),
    ("unknown province", "a2,999090000017,x,active,,,,\n", "person", "citizen number"),
    ("empty required", "a2,,x,active,,,,\n", "person", "required"),
    ("empty key", f",{NUMBER},x,active,,,,\n", "record", "required"),
    ("not allowed", f"a2,{NUMBER},x,maybe,,,,\n", "status", "active, stopped"),
    ("no such day", f"a2,{NUMBER},x,active,2026-02-30,,,\n", "until", "2026-09-30"),
    ("month first", f"a2,{NUMBER},x,active,09/30/2026,,,\n", "until", "30/09/2026"),
    ("no whole number", f"a2,{NUMBER},x,active,,4.5,,\n", "hours", "whole number"),
    ("thousands", f'a2,{NUMBER},x,active,,,"1,250",\n', "wage", "thousands"),
    ("no boolean", f"a2,{NUMBER},x,active,,,,perhaps\n", "remote", "true or false"),
    ("too long", f"a2,{NUMBER},{'x' * 21},active,,,,\n", "employer", "at most 20"),
    ("control character", f"a2,{NUMBER},x\x00y,active,,,,\n", "employer", "control"),
    ("turned direction", f"a2,{NUMBER},x\u202ey,active,,,,\n", "employer", "control"),
    ("broken encoding", f"a2,{NUMBER},".encode() + b"\xff\xfe,active,,,,\n", "employer", "broken"),
    ("too few cells", f"a2,{NUMBER},x\n", "", "needs 8"),
    ("too many cells", f"a2,{NUMBER},x,active,,,,,,\n", "", "needs 8"),
    ("text after quote", f'a2,{NUMBER},"x"y,active,,,,\n', "", "quotation mark"),
    ("endless line", f"a2,{NUMBER},{'x' * (LONGEST_LINE + 5)},active,,,,\n", "", ""),
    ("same key", f"a1,{OTHER},x,active,,,,\n", "record", "same key (record) as line 2"),
]


@pytest.mark.parametrize(
    ("row", "column", "words"), [case[1:] for case in BAD_ROWS], ids=[c[0] for c in BAD_ROWS]
)
def test_a_bad_row_is_listed_and_does_not_stop_the_rest(
    load: Load, row: str | bytes, column: str, words: str
) -> None:
    raw = row if isinstance(row, bytes) else row.encode()
    last = f"a9,{OTHER},,stopped,31/12/2026,,,không\n".encode()

    report = load(HEADER.encode() + GOOD.encode() + raw + last)

    [refused] = report.refused
    assert (report.rows, report.rejected) == (2, 1)
    assert (refused.line, refused.column) == (3, column)
    assert words in refused.reason_en
    assert refused.reason
    assert refused.reason != refused.reason_en
    assert [row[0] for row in records()] == ["a1", "a9"]


def test_a_quote_left_open_costs_its_lines_only_up_to_the_limit(load: Load) -> None:
    report = load(GOOD + f'a2,{NUMBER},"open,active,,,,\n' + f"a3,{NUMBER},x,active,,,,\n")

    assert (report.rows, report.rejected) == (1, 1)
    assert report.refused[0].line == 3


def test_a_refusal_does_not_repeat_what_the_cell_said(load: Load) -> None:
    report = load(GOOD + "a2,48090000099,x,active,,,,\n")

    stored = RegisterLoad.objects.get()
    assert "48090000099" not in str(stored.refusals)
    assert "48090000099" not in str(report.refused)


REFUSED_FILES = [
    ("empty file", b"", "empty"),
    ("blank header", b"\n\n", "empty"),
    ("missing column", b"record,person,employer,status,until,hours,wage\n", "missing columns remote"),
    ("extra column", HEADER.strip().encode() + b",note\n", "not declared note"),
    ("column twice", HEADER.strip().encode() + b",wage\n", "given twice wage"),
    ("no header", GOOD.encode(), "missing columns"),
    ("no row", HEADER.encode(), "no usable row"),
    ("only bad rows", HEADER.encode() + b"a1,1,x,active,,,,\n", "no usable row"),
    ("binary", bytes(range(256)) * 50, "Line 1"),
]


@pytest.mark.parametrize(
    ("content", "words"), [case[1:] for case in REFUSED_FILES], ids=[c[0] for c in REFUSED_FILES]
)
def test_a_file_that_is_refused_leaves_the_old_records(load: Load, content: bytes, words: str) -> None:
    load(GOOD)
    before = records()

    with pytest.raises(FileRefused, match=words) as refusal:
        load(content)

    assert refusal.value.words.vi
    assert records() == before
    assert RegisterLoad.objects.count() == 1


def test_an_error_in_the_middle_leaves_the_old_records(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    load(GOOD)
    before, current = records(), Register.objects.get().current_load_id

    def break_off(*_: object) -> list[object]:
        raise ConnectionError("the disk is gone")

    monkeypatch.setattr(loading, "create_indexes", break_off)
    with pytest.raises(ConnectionError):
        load(f"b1,{OTHER},x,stopped,,,,\n")

    assert records() == before
    assert Register.objects.get().current_load_id == current


def test_the_same_file_again_gives_the_same_records_and_one_more_load(load: Load) -> None:
    first = load(GOOD)
    before = records()

    second = load(GOOD)

    assert records() == before
    assert first.sha256 == second.sha256
    assert RegisterLoad.objects.count() == 2
    assert Register.objects.get().current_load == RegisterLoad.objects.latest("pk")


def test_a_load_replaces_every_earlier_record(load: Load) -> None:
    load(GOOD)

    load(f"b1,{OTHER},x,stopped,,,,\n")

    assert [row[0] for row in records()] == ["b1"]


ENCODINGS = [
    ("byte order mark", ("\ufeff" + HEADER + "a1,{n},Đà Nẵng,active,,,,\n", "utf-8")),
    ("utf-16", (HEADER + "a1,{n},Đà Nẵng,active,,,,\n", "utf-16")),
    ("decomposed", (HEADER + "a1,{n}," + unicodedata.normalize("NFD", "Đà Nẵng") + ",active,,,,\n", "utf-8")),
    ("semicolons", ((HEADER + "a1,{n},Đà Nẵng,active,,,,\n").replace(",", ";"), "utf-8")),
    (
        "tabs and Windows lines",
        ((HEADER + "a1,{n},Đà Nẵng,active,,,,\n").replace(",", "\t").replace("\n", "\r\n"), "utf-8"),
    ),
    (
        "other order",
        ("person,record,remote,wage,hours,until,status,employer\n{n},a1,,,,,active, Đà Nẵng \n", "utf-8"),
    ),
]


@pytest.mark.parametrize("file", [case[1] for case in ENCODINGS], ids=[case[0] for case in ENCODINGS])
def test_files_are_read_as_offices_save_them(load: Load, file: tuple[str, str]) -> None:
    text, encoding = file

    load(text.replace("{n}", NUMBER).encode(encoding))

    assert [row[1] for row in records()] == ["Đà Nẵng"]


def test_a_file_in_the_old_vietnamese_encoding_is_read_when_declared(load: Load) -> None:
    declare(jobs(encoding="windows-1258"), now=NOW)
    decomposed = f"a1,{NUMBER},Trâ\u0300n,active,,,,\n"

    load((HEADER + decomposed).encode("cp1258"))

    assert [row[1] for row in records()] == ["Trần"]


def test_data_from_the_future_are_refused(load: Load) -> None:
    with pytest.raises(NotLoadable, match="future"):
        load(GOOD, as_of=NOW + timedelta(seconds=1))

    assert not RegisterLoad.objects.exists()


@pytest.mark.django_db
def test_a_register_must_be_declared_before_it_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(RegisterNotDeclared, match="motcua registers declare"):
        load_csv(register="jobs", path=tmp_path / "x.csv", as_of=AS_OF, now=NOW)


def test_only_the_first_refusals_are_kept_but_all_are_counted(load: Load) -> None:
    report = load(GOOD + "".join(f"x{n},1,,,,,,\n" for n in range(loading.LISTED + 7)))

    assert report.rejected == loading.LISTED + 7
    assert len(report.refused) == loading.LISTED


def test_a_place_must_be_in_force_on_the_day_of_the_data(db: None, tmp_path: Path) -> None:
    load_places(now=NOW)
    columns = [column("place", "place", required=True)]
    declare(jobs(columns=columns, key=["place"], lookups=[], in_force={}), now=NOW)
    path = tmp_path / "jobs.csv"
    # 20194 is a ward before and after July 2025, 20197 too; 20195 stood only before, 99999 never.
    path.write_text("place\n20194\n20195\n99999\n", encoding="utf-8")

    report = load_csv(register="jobs", path=path, as_of=AS_OF, now=NOW)

    assert [refused.line for refused in report.refused] == [3, 4]
    assert "in force on the day" in report.refused[0].reason_en
