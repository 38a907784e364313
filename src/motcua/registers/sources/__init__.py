"""The kinds of source a register can have; one file each, listed here."""

from motcua.registers.readings import Source
from motcua.registers.sources.directive import read_law
from motcua.registers.sources.http import read_over_http
from motcua.registers.sources.table import read_table

SOURCES: dict[str, Source] = {"table": read_table, "http": read_over_http, "directive": read_law}
