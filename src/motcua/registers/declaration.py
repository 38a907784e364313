"""What a register is: owner, columns, purposes, freshness; read from strict YAML, refused with line."""

import re
from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

NAME = r"^[a-z][a-z0-9_]{1,39}$"
ColumnType = Literal["text", "integer", "decimal", "date", "boolean", "person", "place", "tax_code"]
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


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
    max_length: int = Field(default=500, ge=1, le=10_000)


class InForce(_Strict):
    """Which date columns say from and until when (both days included) a record counts."""

    since: str | None = None
    until: str | None = None


class Declaration(_Strict):
    """A register. ``key`` columns together name one record; ``lookups`` can be asked by as well."""

    name: str = Field(pattern=NAME)
    title: Title
    owner: str = Field(min_length=1, max_length=100)
    absence_means: Literal["no", "unknown"]
    source: Literal["table", "http"] = "table"
    endpoint: str | None = None
    purposes: tuple[str, ...] = Field(min_length=1)
    columns: tuple[Column, ...] = Field(min_length=1, max_length=100)
    key: tuple[str, ...] = Field(min_length=1)
    lookups: tuple[str, ...] = ()
    in_force: InForce = InForce()
    stale_after_days: int | None = Field(default=None, ge=1)
    encoding: Literal["utf-8", "utf-16", "windows-1258"] = "utf-8"

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"columns: {', '.join(twice)} is declared twice; remove one")
        dates = [name for name in (self.in_force.since, self.in_force.until) if name]
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
        return self

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
