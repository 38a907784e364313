"""Decision 19 says by which column each growing table would be spread, and what stands against it; this holds it to that."""

import re
from pathlib import Path

import pytest
from django.db import connection

DECISION = Path(__file__).resolve().parents[2] / "docs" / "adr" / "0019-ready-for-many-machines.md"
ROW = re.compile(r"^\| (\w+) \| (\w+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)

# Columns of each primary key and unique constraint or index, by table; those of single months are their parents'.
_UNIQUE = """
SELECT c.relname, i.indisprimary, array_agg(a.attname::text ORDER BY a.attname)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
GROUP BY c.relname, i.indexrelid, i.indisprimary
"""
_PARTITIONED = """
SELECT c.relname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
"""


def decided() -> dict[str, tuple[str, frozenset[str]]]:
    """Return, by table, the column and the constraints that are said to lack it."""
    found = {}
    for table, column, lacking in ROW.findall(DECISION.read_text(encoding="utf-8")):
        found[table] = (column, frozenset(part.strip() for part in lacking.split(",")) - {"–"})
    return found


def constraints_without(table: str, column: str) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(_UNIQUE)
        rows = [(primary, columns) for name, primary, columns in cursor.fetchall() if name == table]
    return frozenset(
        "primary key" if primary else ", ".join(columns) for primary, columns in rows if column not in columns
    )


@pytest.mark.django_db
def test_every_partitioned_table_has_a_column_to_be_spread_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONED)
        partitioned = {name for (name,) in cursor.fetchall()}

    assert partitioned <= set(decided())


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(decided()))
def test_keys_contain_the_column_or_the_decision_says_why_not(table: str) -> None:
    column, lacking = decided()[table]

    with connection.cursor() as cursor:
        columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]

    assert column in columns
    assert constraints_without(table, column) == lacking


@pytest.mark.django_db
def test_a_key_without_the_column_is_seen() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted (id bigint PRIMARY KEY, case_number text, revision int UNIQUE)")

    assert constraints_without("planted", "case_number") == {"primary key", "revision"}
