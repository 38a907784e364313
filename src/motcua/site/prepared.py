"""Whether a start finds everything as the last one prepared it, so that a city that was cut off is back at once.

To bring the database up to date and to prepare the demo takes longer than all the rest of a start, and after a crash
there is nothing to do. The mark below changes with whatever could give them something to do.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
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


def is_prepared(people: int) -> bool:
    """Tell whether nothing has changed since :func:`note_prepared`; one query, and a look at each file's date."""
    with suppress(OSError):
        return _path().read_text(encoding="ascii") == _mark(people)
    return False


def note_prepared(people: int) -> None:
    """Remember that everything was prepared as it is now."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all.
    fresh = path.with_suffix(".new")
    fresh.write_text(_mark(people), encoding="ascii")
    fresh.replace(path)


def _path() -> Path:
    return environment.data_dir() / "run" / "prepared"


def _mark(people: int) -> str:
    """Return a hash over program, settings, secrets, day and the state of the database.

    The day is part of it because a demo begins some things with the day.
    """
    seen = sha256()
    for part in (*_files(), *_settings(), *_database(), str(people), datetime.now(LOCAL).date().isoformat()):
        seen.update(part.encode("utf-8", "surrogateescape") + b"\0")
    return seen.hexdigest()


def _files() -> Iterator[str]:
    # Keys in folders are made by a preparation, those beside them by whoever needs them first.
    keys = [path for path in sorted(environment.secrets_dir().glob("*")) if path.is_dir()]
    for source in (*_SOURCES, *keys):
        for folder, folders, names in os.walk(source):
            folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
            for name in sorted(names):
                path = Path(folder, name)
                about = path.stat()
                yield f"{path} {about.st_size} {about.st_mtime_ns}"


def _settings() -> Iterator[str]:
    for name in sorted(os.environ):
        if name.startswith("MOTCUA_") or name == "DATABASE_URL":
            yield f"{name}={os.environ[name]}"


def _database() -> Iterator[str]:
    """Yield which database it is and how far it was migrated; nothing that stays the same if it cannot be asked."""
    try:
        with psycopg.connect(environment.database_url("owner"), connect_timeout=5) as connection:
            yield str(connection.execute(_DATABASE).fetchone())
    except (psycopg.Error, environment.OwnerAddressMissing):
        yield os.urandom(16).hex()
