"""Loading a file into a register: bad rows are listed, the good ones replace the old all at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from psycopg import Cursor, sql

from motcua.agencies.queries import agencies_by_code, places_now
from motcua.events.services import publish
from motcua.registers.cells import CellRefused, reader_of
from motcua.registers.declaration import Declaration
from motcua.registers.events import RegisterLoaded
from motcua.registers.facts import Value
from motcua.registers.files import FileRefused, Row, RowRefused, read_rows, sha256_of
from motcua.registers.models import Register, RegisterLoad
from motcua.registers.services.asking import RegisterNotDeclared
from motcua.registers.tables import LINE, create_indexes, create_table, names_of, records_of, staging_of

# More refusals than anyone reads are counted, not kept.
LISTED = 1000


class NotLoadable(ValueError):
    """This load cannot be: the register takes no files, or the date of the data is in the future."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """``rows`` loaded, ``rejected`` left out; ``refused`` lists the first thousand of these by line."""

    register: str
    rows: int
    rejected: int
    refused: tuple[RowRefused, ...]
    sha256: str
    as_of: datetime


def load_csv(*, register: str, path: Path, as_of: datetime, now: datetime) -> LoadReport:
    """Replace the records of the register by those of the file, in one transaction; needs the owner role.

    Until the last statement readers see the old records. The same file again gives the same records and
    one more entry among the loads. Raises ``RegisterNotDeclared``, ``NotLoadable`` and ``FileRefused``
    (unreadable, other columns, no usable row), and then nothing has changed.
    """
    row = Register.objects.filter(name=register).first()
    if row is None:
        raise RegisterNotDeclared(register)
    declaration = Declaration.model_validate(row.declaration)
    if declaration.source == "directive":
        raise NotLoadable(
            f"The register {register} is kept by directives; import its values into a draft of one"
        )
    if declaration.source != "table":
        raise NotLoadable(f"The register {register} is asked over the network; it takes no file")
    if as_of > now:
        raise NotLoadable(f"The data are dated {as_of:%Y-%m-%d %H:%M}, in the future; correct the date")
    digest = sha256_of(path)
    with transaction.atomic():
        report = _replace(declaration, path, as_of, digest)
        row.current_load = RegisterLoad.objects.create(
            register=row,
            as_of=as_of,
            loaded_at=now,
            file_name=path.name[-200:],
            sha256=digest,
            rows=report.rows,
            rejected=report.rejected,
            refusals=[{"line": r.line, "column": r.column, "reason": r.reason} for r in report.refused],
        )
        row.save(update_fields=["current_load"])
        _tell(declaration, report, now)
    return report


def _tell(declaration: Declaration, report: LoadReport, now: datetime) -> None:
    owners = agencies_by_code([declaration.owner])
    publish(
        RegisterLoaded(
            happened_at=now,
            # An owner may be declared before it is registered as an agency.
            agency_path=owners[declaration.owner].path if declaration.owner in owners else "",
            subject=declaration.name,
            actor="machine",
            as_of=report.as_of,
            sha256=report.sha256,
            rows=report.rows,
            rejected=report.rejected,
        )
    )


def _replace(declaration: Declaration, path: Path, as_of: datetime, digest: str) -> LoadReport:
    staging, records = staging_of(declaration), records_of(declaration)
    refused = _Refusals()
    with connection.cursor() as wrapped:
        cursor: Cursor[tuple[object, ...]] = wrapped.cursor
        # One load of a register at a time; the second waits and then replaces the first.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [declaration.schema_name])
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(staging))
        cursor.execute(create_table(declaration, staging))
        rows = _copy(cursor, declaration, path, as_of, refused)
        rows -= _refuse_duplicates(cursor, declaration, refused)
        if rows == 0:
            first = f" {refused.listed[0].reason_en}" if refused.listed else ""
            raise FileRefused(
                f"Tệp {path.name} không có dòng nào dùng được; dữ liệu cũ được giữ nguyên.",
                f"The file {path.name} has no usable row; the old records were kept.{first}",
            )
        for statement in create_indexes(declaration, staging):
            cursor.execute(statement)
        cursor.execute(sql.SQL("ANALYZE {}").format(staging))
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(records))
        cursor.execute(sql.SQL("ALTER TABLE {} RENAME TO records").format(staging))
    listed = tuple(sorted(refused.listed, key=lambda refusal: refusal.line))
    return LoadReport(declaration.name, rows, refused.count, listed, digest, as_of)


class _Refusals:
    """Counts refusals and keeps the first."""

    def __init__(self) -> None:
        self.count = 0
        self.listed: list[RowRefused] = []

    def add(self, refusal: RowRefused) -> None:
        self.count += 1
        if len(self.listed) < LISTED:
            self.listed.append(refusal)


def _copy(
    cursor: Cursor[tuple[object, ...]],
    declaration: Declaration,
    path: Path,
    as_of: datetime,
    refused: _Refusals,
) -> int:
    names = (LINE, *(column.name for column in declaration.columns))
    # Asked before COPY begins: on the same connection the question would wait for the copy for ever.
    places = _places(declaration, as_of)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(staging_of(declaration), names_of(names))
    rows = 0
    with cursor.copy(statement) as copy:
        for values in _typed(declaration, path, places, refused):
            copy.write_row(values)
            rows += 1
    return rows


def _places(declaration: Declaration, as_of: datetime) -> set[str] | None:
    """Return the codes of places in force on the day of the data, or None where any code is taken."""
    if not any(column.type == "place" for column in declaration.columns):
        return None
    # Before the first known day the places are not known, and codes are taken as they are.
    return {place.code for place in places_now(timezone.localtime(as_of).date())} or None


def _typed(
    declaration: Declaration, path: Path, places: set[str] | None, refused: _Refusals
) -> Iterator[list[Value | None]]:
    readers = [(column.name, reader_of(column, places)) for column in declaration.columns]
    key = frozenset(declaration.key)
    for row in read_rows(path, declaration):
        if isinstance(row, RowRefused):
            refused.add(row)
            continue
        refusal: RowRefused | None = None
        values: list[Value | None] = [row.line]
        for (name, read), cell in zip(readers, row.cells, strict=True):
            try:
                value = read(cell)
                if value is None and name in key:
                    raise CellRefused("là khóa nên không được bỏ trống", "is part of the key; it is required")
            except CellRefused as error:
                refusal = _refusal(row, name, error)
                break
            values.append(value)
        if refusal:
            refused.add(refusal)
        else:
            yield values


def _refusal(row: Row, name: str, error: CellRefused) -> RowRefused:
    return RowRefused(row.line, name, f"{name} {error.words.vi}", f"{name} {error.words.en}")


def _refuse_duplicates(
    cursor: Cursor[tuple[object, ...]], declaration: Declaration, refused: _Refusals
) -> int:
    """Take out every row whose key stood on an earlier line; return how many."""
    key = names_of(declaration.key)
    cursor.execute(
        sql.SQL(
            """
            DELETE FROM {staging} AS s USING (
                SELECT ctid, first_value({line}) OVER w AS first, row_number() OVER w AS place
                FROM {staging} WINDOW w AS (PARTITION BY {key} ORDER BY {line})
            ) AS ranked
            WHERE s.ctid = ranked.ctid AND ranked.place > 1 RETURNING s.{line}, ranked.first
            """
        ).format(staging=staging_of(declaration), line=sql.Identifier(LINE), key=key)
    )
    names = ", ".join(declaration.key)
    duplicates = sorted((int(str(line)), int(str(first))) for line, first in cursor.fetchall())
    for line, first in duplicates:
        refused.add(
            RowRefused(
                line,
                declaration.key[0],
                f"trùng khóa ({names}) với dòng {first}; chỉ dòng {first} được nạp",
                f"has the same key ({names}) as line {first}; only line {first} was loaded",
            )
        )
    return len(duplicates)
