"""Questions about registers: which there are, how fresh, and who looked at a person's data."""

from dataclasses import dataclass
from datetime import datetime

from motcua.registers.declaration import Declaration
from motcua.registers.models import Register, RegisterAccess


@dataclass(frozen=True, slots=True)
class RegisterView:
    """A register and its present load; the last five are null until it is loaded."""

    name: str
    title_vi: str
    title_en: str
    owner: str
    source: str
    as_of: datetime | None
    loaded_at: datetime | None
    rows: int | None
    rejected: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class AccessView:
    """One question about a person, as that person may read it."""

    asked_at: datetime
    asker_kind: str
    asker_reference: str
    asker_label: str
    agency_path: str
    purpose: str
    case_number: str
    register: str
    register_title_vi: str
    register_title_en: str
    fact: str
    columns: tuple[str, ...]


def registers() -> list[RegisterView]:
    """Return every register with its present load, by name; one query."""
    return [
        RegisterView(
            name=row.name,
            title_vi=row.title_vi,
            title_en=row.title_en,
            owner=row.owner,
            source=row.source,
            as_of=row.current_load.as_of if row.current_load else None,
            loaded_at=row.current_load.loaded_at if row.current_load else None,
            rows=row.current_load.rows if row.current_load else None,
            rejected=row.current_load.rejected if row.current_load else None,
            sha256=row.current_load.sha256 if row.current_load else None,
        )
        for row in Register.objects.select_related("current_load").order_by("name")
    ]


def registers_over_the_network() -> frozenset[str]:
    """Return the names of the registers that another agency answers; one query."""
    return frozenset(Register.objects.filter(source="http").values_list("name", flat=True))


def declarations() -> dict[str, Declaration]:
    """Return every register's declaration by name; one query."""
    rows = Register.objects.values_list("name", "declaration")
    return {name: Declaration.model_validate(declared) for name, declared in rows}


# What is read elsewhere than in a register, and noted by ``services.noting.note_access``.
OTHER_SOURCES = {
    "cases": ("Hồ sơ bạn đã nộp", "The case you filed"),
    "papers": ("Giấy tờ của bạn", "Your papers"),
    "archives": ("Hồ sơ của bạn trong kho lưu trữ", "Your case in the archive"),
    "appointments": ("Lịch hẹn của bạn", "Your appointments"),
}


def register_titles() -> dict[str, tuple[str, str]]:
    """Return the Vietnamese and English title of every register and other source by name; one query."""
    rows = Register.objects.values_list("name", "title_vi", "title_en")
    return OTHER_SOURCES | {name: (vi, en) for name, vi, en in rows}


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which questions are wanted: of one other source or of all registers, by one kind of asker, since a moment."""

    source: str = ""
    registers_only: bool = False
    asker_kind: str = ""
    since: datetime | None = None


EVERY_ACCESS = AccessFilter()


def accesses_of(
    person_key: bytes, *, limit: int = 200, wanted: AccessFilter = EVERY_ACCESS
) -> list[AccessView]:
    """Return the latest questions about the person, newest first; two queries."""
    titles = register_titles()
    rows = RegisterAccess.objects.filter(person_key=person_key).select_related("questions")
    if wanted.source:
        rows = rows.filter(register=wanted.source)
    if wanted.registers_only:
        rows = rows.exclude(register__in=OTHER_SOURCES)
    if wanted.asker_kind:
        rows = rows.filter(asker_kind=wanted.asker_kind)
    if wanted.since is not None:
        rows = rows.filter(asked_at__gte=wanted.since)
    found = [
        AccessView(
            asked_at=row.asked_at,
            asker_kind=row.asker_kind,
            asker_reference=row.asker_reference,
            asker_label=row.asker_label,
            agency_path=row.agency_path,
            purpose=row.purpose,
            case_number=row.case_number,
            register=register,
            register_title_vi=titles.get(register, (register, ""))[0],
            register_title_en=titles.get(register, ("", register))[1],
            fact=fact,
            columns=columns,
        )
        for row in rows.order_by("-asked_at", "register", "fact")[:limit]
        for register, fact, columns in looked_at(row)
    ]
    # Those of one moment in one order, whether they stand in rows of their own or in a list.
    found.sort(key=lambda each: (each.register, each.fact))
    found.sort(key=lambda each: each.asked_at, reverse=True)
    return found[:limit]


def looked_at(row: RegisterAccess) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what a row of the log says was looked at: register, fact and columns; a query if its list is not there."""
    if row.questions is None:
        return [(row.register, row.fact, tuple(row.columns))]
    return [(register, fact, tuple(columns)) for register, fact, columns in row.questions.content]
