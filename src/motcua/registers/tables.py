"""The typed table behind a register: names, types, indexes. Every identifier is quoted by psycopg."""

from psycopg import sql

from motcua.registers.declaration import Declaration

TYPES = {
    "text": "text",
    "integer": "bigint",
    "decimal": "numeric",
    "date": "date",
    "boolean": "boolean",
    "person": "bytea",
    "place": "text",
    "tax_code": "text",
}
# The line of the file that a record came from, so that a decision can be followed back to it.
LINE = "_line"


def records_of(declaration: Declaration) -> sql.Identifier:
    """Return the table of records, qualified by its schema."""
    return sql.Identifier(declaration.schema_name, "records")


def staging_of(declaration: Declaration) -> sql.Identifier:
    """Return the table that a load fills before it takes the place of the records."""
    return sql.Identifier(declaration.schema_name, "staging")


def names_of(names: tuple[str, ...]) -> sql.Composed:
    """Return the columns as a quoted list."""
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def create_table(declaration: Declaration, table: sql.Identifier) -> sql.Composed:
    """Return the statement that creates a table of the declared columns."""
    columns = [sql.SQL("{} bigint NOT NULL").format(sql.Identifier(LINE))]
    for column in declaration.columns:
        needed = column.required or column.name in declaration.key
        columns.append(
            sql.SQL("{} {}{}").format(
                sql.Identifier(column.name),
                sql.SQL(TYPES[column.type]),  # from the table above, never from the declaration
                sql.SQL(" NOT NULL" if needed else ""),
            )
        )
        if column.type == "person":
            columns.append(sql.SQL("CHECK (octet_length({}) = 32)").format(sql.Identifier(column.name)))
    return sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join(columns))


def create_indexes(declaration: Declaration, table: sql.Identifier) -> list[sql.Composed]:
    """Return the statements that index the key (unique) and each column that can be asked by."""
    key = names_of(declaration.key)
    others = sorted(declaration.exact - {declaration.key[0]})
    return [
        sql.SQL("CREATE UNIQUE INDEX ON {} ({})").format(table, key),
        *(sql.SQL("CREATE INDEX ON {} ({})").format(table, sql.Identifier(name)) for name in others),
    ]
