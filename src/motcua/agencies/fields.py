"""The ``ltree`` column: a dotted path, asked with ``within`` (at or below) and ``above`` (at or over)."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField  # Django's fields cannot be subscripted when run.


class LtreeField(_TextField):
    """A path of labels ``[A-Za-z0-9_]+`` joined by dots, such as ``vn.p48.w20194``."""

    description = "Path in a tree (ltree)"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Name the PostgreSQL type."""
        return "ltree"

    def get_placeholder(self, value: object, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> str:
        """Cast parameters, so that the path also binds on the server side."""
        return "%s::ltree"


class _PathLookup(models.Lookup):
    operator: str

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Compare the column with the path under this lookup's operator."""
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} ({right})::ltree", (*left_parameters, *right_parameters)


@LtreeField.register_lookup
class Within(_PathLookup):
    """The column's path is the given one or lies below it; served by a GiST index."""

    lookup_name = "within"
    operator = "<@"


@LtreeField.register_lookup
class Above(_PathLookup):
    """The column's path is the given one or lies over it."""

    lookup_name = "above"
    operator = "@>"
