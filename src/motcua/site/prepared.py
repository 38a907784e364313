"""Whether a start finds everything as the last one prepared it, so that a city that was cut off is back at once.

To bring the database up to date and to prepare the demo takes longer than all the rest of a start, and after a crash
there is nothing to do. The mark below changes with whatever could give them something to do.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import psycopg

from motcua.site import environment

# The packs and directives that come with the source, and the program itself.
_ROOT = Path(__file__).resolve().parents[3]
_SOURCES = (_ROOT / "packs", _ROOT / "directives", Path(__file__).resolve().parents[1])
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_LEFT_OUT = frozenset({"__pycache__"})
_DATABASE = """
SELECT (SELECT oid FROM pg_database WHERE datname = current_database()), count(*), max(id) FROM django_migrations
"""
# The lines of the mark; after the last of these the keys, by name, and the end.
_PROGRAM, _TABLES, _DAY, _KEYS = range(4)
_END = "whole"


def is_prepared(people: int) -> bool:
    """Tell whether nothing has changed since :func:`note_prepared`."""
    return is_program_as_noted(people) and is_database_as_noted()


def is_program_as_noted(people: int) -> bool:
    """Tell it of program, settings and secrets: a look at the date of each file, without the database."""
    return _noted(_PROGRAM) == _program(people) and _has_every_key()


def is_database_as_noted() -> bool:
    """Tell it of the database, which must answer; one query."""
    return _noted(_TABLES) == _hash(_database())


def is_of_today() -> bool:
    """Tell whether it was noted today: the demo begins some things with the day, which can wait until it serves."""
    return _noted(_DAY) == _today()


def note_prepared(people: int) -> bool:
    """Remember that everything was prepared as it is now; tell whether that could be written."""
    path = _path()
    # Whole or not at all, and on a full disk not at all: then the next start prepares again.
    fresh = path.with_suffix(".new")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (_program(people), _hash(_database()), _today(), *_keys(), _END)
        fresh.write_text("\n".join(lines), encoding="ascii")
        fresh.replace(path)
        return True
    return False


def _path() -> Path:
    return environment.data_dir() / "run" / "prepared"


def _noted(part: int) -> str:
    """Return a part of the mark; nothing if there is none, or none that is whole."""
    mark = _mark()
    return mark[part] if mark else ""


def _has_every_key() -> bool:
    return set(_mark()[_KEYS:-1]) <= set(_keys())


def _mark() -> list[str]:
    # ValueError: after a power cut a file may hold anything.
    with suppress(OSError, ValueError):
        mark = _path().read_text(encoding="ascii").split("\n")
        if len(mark) > _KEYS and mark[-1] == _END:
            return mark
    return []


def _today() -> str:
    return datetime.now(LOCAL).date().isoformat()


def _program(people: int) -> str:
    return _hash((*_files(), *_packages(), *_settings(), str(people)))


def _hash(parts: Iterable[str]) -> str:
    seen = sha256()
    for part in parts:
        seen.update(part.encode("utf-8", "surrogateescape") + b"\0")
    return seen.hexdigest()


def _packages() -> Iterator[str]:
    """Yield what is installed beside us, with its version: some packages bring migrations of their own."""
    yield sys.version
    for folder in sorted(path for path in sys.path if path.endswith("site-packages")):
        with suppress(OSError):
            yield from sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))


def _files() -> Iterator[str]:
    for source in _SOURCES:
        for path in _below(source):
            # One that goes while we look is another state than any that was noted.
            with suppress(FileNotFoundError):
                about = path.stat()
                yield f"{path} {about.st_size} {about.st_mtime_ns}"


def _keys() -> Iterator[str]:
    """Yield the keys in folders, which a preparation makes; those beside them are made by whoever needs them first.

    Only by name: a key is never written anew by a preparation, and a list of what was revoked is, every day.
    """
    secrets = environment.secrets_dir()
    for folder in sorted(path for path in secrets.glob("*") if path.is_dir()):
        for path in _below(folder):
            yield quote(str(path.relative_to(secrets)))


def _below(top: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        for name in sorted(names):
            yield Path(folder, name)


def _settings() -> Iterator[str]:
    for name in sorted(os.environ):
        if name.startswith(("MOTCUA_", "DATABASE_")):
            yield f"{name}={os.environ[name]}"


def _database() -> Iterator[str]:
    """Yield which database it is and how far it was migrated; nothing that stays the same if it cannot be asked."""
    try:
        with psycopg.connect(environment.database_url("owner"), connect_timeout=5) as connection:
            yield str(connection.execute(_DATABASE).fetchone())
    except (psycopg.Error, environment.OwnerAddressMissing):
        yield os.urandom(16).hex()
