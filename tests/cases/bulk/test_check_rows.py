"""Checking rows: every fault by row, column and remedy; nothing of a person in what is stored."""

from garden import MEMBER, NOW, STRANGER, WARD

from motcua.cases.bulk.check import check_upload, lines_of
from motcua.cases.bulk.models import BulkFile, BulkRow, BulkUpload
from motcua.cases.bulk.queries import faults_in, marked_list
from motcua.cases.bulk.services import discard_upload
from motcua.cases.bulk.states import UploadState
from motcua.cases.bulk.writing import inert, workbook

from .conftest import FIRM, HEADING, OTHER_FIRM, Desk, csv_of, many, row


def said(upload: BulkUpload) -> dict[int, list[str]]:
    told: dict[int, list[str]] = {}
    for fault in faults_in(upload.pk, limit=1000):
        told.setdefault(fault.line, []).append(f"{fault.column.vi}: {fault.words.vi}")
    return told


def test_each_fault_names_row_column_and_remedy(desk: Desk) -> None:
    rows = [
        row(MEMBER),
        row("123"),
        row(STRANGER, "", ward="Phường Không Có"),
        row("048090000017"),
        row("048190000018", kind="Ban trưa", needed_from="31/2/2026"),
        row("048090000019"[:11]),
    ]

    upload = desk.checked(csv_of(rows))

    told = said(upload)
    assert (upload.rows_ready, upload.rows_faulty) == (1, 5)
    assert set(told) == {3, 4, 5, 6, 7}
    assert "đúng 12 chữ số" in told[3][0]
    assert [each.split(":")[0] for each in told[4]] == ["Họ và tên", "Phường"]
    assert told[5] == ["Số định danh cá nhân: Người này đã có ở dòng 2. Giữ lại một dòng."]
    assert [each.split(":")[0] for each in told[6]] == ["Loại chìa", "Cần từ ngày"]
    assert "số 0 ở đầu" in told[7][0]


def test_words_codes_and_accents_all_find_the_choice(desk: Desk) -> None:
    rows = [
        row(MEMBER, ward=WARD, kind="day"),
        row(STRANGER, ward=f"phuong {WARD}", kind="BAN DEM"),
    ]
    heading = ("So dinh danh ca nhan", "HỌ VÀ TÊN *", "phường", "kind", "Cần từ ngày (ngày/tháng)", "Note")

    upload = desk.checked(csv_of(rows, heading=[*heading[:5], "Ghi chú"], delimiter=";"))

    assert (upload.state, upload.rows_ready) == (UploadState.CHECKED, 2)


def test_numbers_that_a_workbook_keeps_as_numbers_get_their_zeros_back(desk: Desk) -> None:
    import io

    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0].append(HEADING)
    book.worksheets[0].append(
        [int(MEMBER), "Trần Thị Thử", int(WARD), "Ban ngày", NOW.replace(tzinfo=None), None]
    )
    out = io.BytesIO()
    book.save(out)

    upload = desk.checked(out.getvalue(), name="ds.xlsx")

    assert (upload.rows_ready, said(upload)) == (1, {})


def test_formula_cell_is_a_fault_and_is_not_computed(desk: Desk) -> None:
    import io

    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0].append(HEADING)
    book.worksheets[0].append(["=1+1", "Trần Thị Thử", WARD, "Ban ngày", "20/11/2026", ""])
    out = io.BytesIO()
    book.save(out)

    upload = desk.checked(out.getvalue())

    assert said(upload)[2] == [
        "Số định danh cá nhân: Ô này chứa công thức. Chép ô rồi chọn Dán giá trị (Paste values)."
    ]


def test_firm_in_a_row_must_be_the_firm_filed_for(desk: Desk) -> None:
    rows = [(*row(MEMBER), FIRM), (*row(STRANGER), OTHER_FIRM)]

    upload = desk.checked(csv_of(rows, heading=[*HEADING, "Mã số thuế"]))

    assert list(said(upload)) == [3]


def test_name_that_differs_from_the_recorded_one_is_a_fault(desk: Desk) -> None:
    desk.citizen(MEMBER)

    upload = desk.checked(csv_of([row(MEMBER, "Lê Văn Khác"), row(STRANGER, "Ai Cũng Được")]))

    assert list(said(upload)) == [2]
    assert "Thử" not in str(said(upload))


def test_heading_that_is_missing_unknown_or_doubled_refuses_the_file(desk: Desk) -> None:
    lacking = desk.checked(csv_of([row(MEMBER)[1:]], heading=HEADING[1:]))
    strange = desk.checked(csv_of([(*row(MEMBER), "x")], heading=[*HEADING, "Phòng ban"]))
    doubled = desk.checked(csv_of([(*row(MEMBER), "x")], heading=[*HEADING, "Phường"]))

    assert [each.state for each in (lacking, strange, doubled)] == [UploadState.UNUSABLE] * 3
    assert "Số định danh cá nhân" in lacking.fault["vi"]  # type: ignore[index]
    assert "Phòng ban" in strange.fault["vi"]  # type: ignore[index]
    assert "hai lần" in doubled.fault["vi"]  # type: ignore[index]
    assert not BulkFile.objects.exists()
    assert not BulkRow.objects.exists()


def test_list_without_anybody_is_refused(desk: Desk) -> None:
    assert "chưa có ai" in desk.checked(csv_of([])).fault["vi"]  # type: ignore[index]


def test_list_comes_back_with_its_faults_and_nothing_that_a_spreadsheet_computes(desk: Desk) -> None:
    evil = row("123", '=HYPERLINK("http://evil.example";"x")', note="@SUM(A1)")
    upload = desk.checked(csv_of([evil, row(MEMBER)]))

    marked = marked_list(upload.pk) or b""

    lines = [[cell.text for cell in line.cells] for line in lines_of(marked, "csv")]
    assert lines[0][-1] == "Lỗi cần sửa"
    assert lines[1][1].startswith("'=")
    assert lines[1][5].startswith("'@")
    assert lines[1][-1]
    assert not lines[2][-1]
    again = desk.checked(marked)
    assert next(each.line for each in faults_in(again.pk, limit=9)) == 2


def test_workbook_that_is_written_holds_no_formula() -> None:
    import io

    from openpyxl import load_workbook

    content = workbook(["a"], [["=1+1"], ["+1"], ["-1"], ["#N/A"], ["\t=1"]], language="vi")

    cells = [cell for row in load_workbook(io.BytesIO(content)).worksheets[0] for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert inert("Nguyễn") == "Nguyễn"
    assert inert("\n=1") == "'\n=1"
    assert inert("＝1") == "'＝1"


def test_what_the_database_holds_shows_no_number_and_no_name_of_a_row(desk: Desk) -> None:
    from django.db import connection

    upload = desk.checked(csv_of([row(MEMBER, "Tên Rất Lạ"), row("12345678901", "Tên Rất Lạ")]))

    with connection.cursor() as cursor:
        tables = (
            "cases_bulkupload",
            "cases_bulkrow",
            "cases_bulkfile",
            "cases_mandate",
            "procrastinate_jobs",
        )
        dump = ""
        for table in tables:
            cursor.execute(f"SELECT {table}::text FROM {table}")
            dump += " ".join(line for (line,) in cursor.fetchall())
    assert str(upload.pk) in dump
    for secret in (MEMBER, "12345678901", "Tên Rất Lạ"):
        assert secret not in dump
        assert secret.encode().hex() not in dump


def test_second_run_begins_anew_and_the_first_writes_no_more(desk: Desk) -> None:
    upload_id = desk.hand_in(csv_of(many(30)))
    check_upload(upload_id=upload_id, now=NOW)
    BulkUpload.objects.filter(pk=upload_id).update(state=UploadState.CHECKING)

    check_upload(upload_id=upload_id, now=NOW)

    assert BulkRow.objects.filter(upload_id=upload_id).count() == 30
    assert check_upload(upload_id=upload_id, now=NOW) is None


def test_discarded_list_leaves_nothing(desk: Desk) -> None:
    upload = desk.checked(csv_of([row(MEMBER), row("1")]))

    discard_upload(upload_id=upload.pk, account_id=upload.account_id)

    assert not BulkUpload.objects.exists()
    assert not BulkRow.objects.exists()
    assert not BulkFile.objects.exists()
