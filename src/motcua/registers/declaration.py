"""What a register is: owner, columns, purposes, freshness; read from strict YAML, refused with line."""

import re
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from motcua.directives.complaints import Words
from motcua.directives.parameters import ParameterSpec, ParameterType, ValueRefused

NAME = r"^[a-z][a-z0-9_]{1,39}$"
ColumnType = Literal["text", "integer", "decimal", "date", "boolean", "person", "place", "tax_code"]
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
# What a directive can set, and what has an order.
SET_BY_LAW: Final[dict[str, ParameterType]] = {
    "text": "text",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "boolean": "boolean",
}
ORDERED = frozenset({"integer", "decimal", "date"})
# Every register that is kept by directives has this column: which of them says so.
BY_DIRECTIVE = "directive"


class DeclarationRefused(Exception):
    """The declaration of a register cannot be used; the message names file, line and remedy."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """A name in both languages."""

    vi: str = Field(min_length=1, max_length=200)
    en: str = Field(min_length=1, max_length=200)


class Column(_Strict):
    """One column: ``person`` is stored as a person key, never as the number that the file holds."""

    name: str = Field(pattern=NAME)
    type: ColumnType
    label: Title
    required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    max_length: int = Field(default=500, ge=1, le=10_000)

    @model_validator(mode="after")
    def _bounds_are_values(self) -> Self:
        bounds = [bound for bound in (self.minimum, self.maximum) if bound is not None]
        if bounds and self.type not in ORDERED:
            raise ValueError(
                f"columns: {self.name} of the type {self.type} has no minimum and maximum; remove them"
            )
        kind = SET_BY_LAW.get(self.type, "text")
        try:
            values = [ParameterSpec("", kind, Words("", ""), Words("", "")).read(bound) for bound in bounds]
        except ValueRefused as refusal:
            raise ValueError(f"columns: {self.name}: {refusal}") from None
        if len(values) == 2 and values[0] > values[1]:  # type: ignore[operator]  # both of one type
            raise ValueError(f"columns: {self.name}: the minimum is larger than the maximum; exchange them")
        return self


class InForce(_Strict):
    """Which date columns say from and until when (both days included) a record counts."""

    since: str | None = None
    until: str | None = None


class Declaration(_Strict):
    """A register. ``key`` columns together name one record; ``lookups`` can be asked by as well.

    One kept by directives has the place as its key, or no key and one record for the whole city; its other columns
    are what directives may set, and ``directive`` names the one that did.
    """

    name: str = Field(pattern=NAME)
    title: Title
    owner: str = Field(min_length=1, max_length=100)
    absence_means: Literal["no", "unknown"]
    source: Literal["table", "http", "directive"] = "table"
    endpoint: str | None = None
    purposes: tuple[str, ...] = Field(min_length=1)
    columns: tuple[Column, ...] = Field(min_length=1, max_length=100)
    key: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    in_force: InForce = InForce()
    stale_after_days: int | None = Field(default=None, ge=1)
    encoding: Literal["utf-8", "utf-16", "windows-1258"] = "utf-8"

    @model_validator(mode="before")
    @classmethod
    def _names_the_directive(cls, value: object) -> object:
        if not isinstance(value, dict) or value.get("source") != "directive":
            return value
        columns = value.get("columns")
        if not isinstance(columns, list | tuple) or any(
            _name_of(column) == BY_DIRECTIVE for column in columns
        ):
            return value
        label = {"vi": "Chỉ thị đang áp dụng", "en": "Directive in force"}
        return {**value, "columns": [*columns, {"name": BY_DIRECTIVE, "type": "text", "label": label}]}

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"columns: {', '.join(twice)} is declared twice; remove one")
        dates = dates_of(self.in_force)
        for place, used in (("key", self.key), ("lookups", self.lookups), ("in_force", dates)):
            for name in used:
                if name not in names:
                    raise ValueError(
                        f"{place}: there is no column {name}; the columns are {', '.join(names)}"
                    )
        for name in dates:
            if self.column(name).type != "date":
                raise ValueError(f"in_force: column {name} must have the type date")
        if (self.source == "http") != (self.endpoint is not None):
            raise ValueError("endpoint: give it for source http, and only for that")
        if self.endpoint is not None:
            self._check_endpoint(self.endpoint)
        self._check_key()
        return self

    def _check_key(self) -> None:
        if self.source == "directive":
            self._check_kept_by_law()
        elif not self.key:
            raise ValueError("key: name the columns that together tell one record from another")

    def _check_kept_by_law(self) -> None:
        if self.lookups or dates_of(self.in_force) or self.stale_after_days is not None:
            raise ValueError(
                "source: what directives keep has no lookups, in_force or stale_after_days; remove them"
            )
        if self.absence_means != "unknown":
            raise ValueError("absence_means: what no directive sets is not known; write unknown")
        if self.key and (len(self.key) > 1 or self.column(self.key[0]).type != "place"):
            raise ValueError(
                "key: a register kept by directives is keyed by one column of type place, or by none"
            )
        for column in self.columns:
            if column.name not in self.key and column.type not in SET_BY_LAW:
                raise ValueError(f"columns: {column.name}: a directive cannot set the type {column.type}")

    @cached_property
    def parameters(self) -> tuple[ParameterSpec, ...]:
        """What directives may set here; empty for a register that is kept otherwise."""
        if self.source != "directive":
            return ()
        return tuple(
            ParameterSpec(
                address=f"{self.name}.{column.name}",
                type=SET_BY_LAW[column.type],
                label=Words(column.label.vi, column.label.en),
                title=Words(self.title.vi, self.title.en),
                allowed=column.allowed,
                minimum=column.minimum,
                maximum=column.maximum,
                by_place=bool(self.key),
            )
            for column in self.columns
            if column.name not in self.key and column.name != BY_DIRECTIVE
        )

    @staticmethod
    def _check_endpoint(endpoint: str) -> None:
        parts = urlsplit(endpoint)
        private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        if not private or parts.username or parts.query or parts.fragment:
            raise ValueError(
                "endpoint: must be an https address (http only for this machine) without password or query"
            )

    def column(self, name: str) -> Column:
        """Return the column. Raises ``KeyError`` if there is none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def schema_name(self) -> str:
        """The PostgreSQL schema that holds the records."""
        return f"register_{self.name}"

    @cached_property
    def exact(self) -> frozenset[str]:
        """Columns that are compared by index; of the others, an empty one is a perhaps."""
        persons = {column.name for column in self.columns if column.type == "person"}
        return frozenset({*self.key, *self.lookups, *persons})


def dates_of(in_force: InForce) -> list[str]:
    """Return the columns that say how long a record counts."""
    return [name for name in (in_force.since, in_force.until) if name]


def _name_of(column: object) -> object:
    return column.get("name") if isinstance(column, dict) else getattr(column, "name", None)


def read_declaration(path: Path) -> Declaration:
    """Read and check one YAML file. Raises ``DeclarationRefused`` with file, line and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DeclarationRefused(f"{path}: cannot be read as UTF-8 text ({error})") from error
    lines: dict[tuple[str | int, ...], int] = {}
    try:
        # Every scalar stays a string: YAML 1.1 would turn ``absence_means: no`` into false.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = _plain(root, (), lines) if root is not None else None
        return Declaration.model_validate(content)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DeclarationRefused(f"{path}, line {line}: {error.problem}") from error
    except ValidationError as error:
        raise DeclarationRefused(
            "\n".join(_complaint(path, item, lines) for item in error.errors())
        ) from error


def _plain(node: yaml.Node, at: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> object:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in mapping:
                raise yaml.MarkedYAMLError(
                    problem=f"{key} is given twice; remove one", problem_mark=key_node.start_mark
                )
            mapping[key] = _plain(value_node, (*at, key), lines)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*at, index), lines) for index, item in enumerate(node.value)]
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def _complaint(path: Path, item: object, lines: dict[tuple[str | int, ...], int]) -> str:
    if not isinstance(item, dict):
        return str(path)
    where = tuple(item["loc"])
    message = re.sub(r"^Value error, ", "", str(item["msg"]))
    found = where
    while found and found not in lines:
        found = found[:-1]
    if item["type"] == "value_error" and (named := message.split(":", 1)[0]):
        found = (named,) if (named,) in lines else found
    name = ".".join(str(part) for part in where)
    return f"{path}, line {lines.get(found, 1)}: {f'{name}: ' if name else ''}{message}"
