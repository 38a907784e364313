"""The in-memory twin of a source: the same contract over plain rows, without database or network."""

from collections.abc import Callable, Sequence
from datetime import datetime

from motcua.registers.cells import reader_of
from motcua.registers.declaration import Declaration
from motcua.registers.facts import value_as_text
from motcua.registers.questions import Asked
from motcua.registers.readings import MOST_RECORDS, Cells, Found, Reading, SourceSilent


class Twin:
    """Rows as a CSV file would hold them; ``silent`` makes it fail as a source fails."""

    def __init__(self, rows: Sequence[dict[str, str]], *, silent: bool = False) -> None:
        self.rows = rows
        self.silent = silent
        self.reads = 0

    def __call__(
        self,
        *,
        declaration: Declaration,
        readings: Sequence[Reading],
        person_keys: Sequence[bytes],
        purpose: str,
        within_seconds: float,
        now: datetime,
    ) -> Callable[[], Found]:
        readers = {column.name: reader_of(column, None) for column in declaration.columns}
        typed = [{name: readers[name](row.get(name, "")) for name in readers} for row in self.rows]

        def finish() -> Found:
            self.reads += 1
            if self.silent:
                raise SourceSilent("the twin is silent")
            found: dict[tuple[int, bytes], list[Cells]] = {}
            for number, reading in enumerate(readings):
                for person in person_keys if reading.about_person else [b""]:
                    wanted = {n: person if v is Asked.PERSON else v for n, v in reading.exact}
                    cells = [
                        tuple(None if row[c] is None else value_as_text(row[c]) for c in reading.columns)
                        for row in typed
                        if all(row[name] == value for name, value in wanted.items())
                    ]
                    found[number, person] = cells[: MOST_RECORDS + 1]
            return Found(found)

        return finish
