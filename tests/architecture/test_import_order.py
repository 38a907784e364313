"""The order between the apps, as .importlinter has it: kept here, and a planted violation of each kind is refused."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

Plant = Callable[[Path], None]


def lint(tree: Path) -> tuple[int, str]:
    """Run the import linter on the package in ``tree`` and return its status and what it said."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy the package and its contract, so that a test may break it."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    python_only = shutil.ignore_patterns(
        "__pycache__", "static", "templates", "data", "fonts", "node_modules"
    )
    shutil.copytree(ROOT / "src" / "motcua", tmp_path / "src" / "motcua", ignore=python_only)
    return tmp_path


def append(file: str, line: str) -> Plant:
    """Plant ``line`` at the end of ``file`` of the package."""

    def plant(tree: Path) -> None:
        with (tree / "src" / "motcua" / file).open("a", encoding="utf-8") as target:
            target.write(f"\n{line}\n")

    return plant


def new_folder(name: str) -> Plant:
    """Plant a folder that the contract does not list."""

    def plant(tree: Path) -> None:
        folder = tree / "src" / "motcua" / name
        folder.mkdir()
        (folder / "__init__.py").write_text('"""A drawer for everything."""\n', encoding="utf-8")

    return plant


def test_order_is_kept() -> None:
    status, said = lint(ROOT)

    assert status == 0, said


@pytest.mark.parametrize(
    ("plant", "broken"),
    [
        pytest.param(
            append("events/queries.py", "import motcua.cases.models"),
            "motcua.events.queries -> motcua.cases",
            id="upward",
        ),
        pytest.param(
            append("documents/__init__.py", "import motcua.credentials"),
            "motcua.documents",
            id="between-strangers",
        ),
        pytest.param(
            append("web/portal/__init__.py", "import motcua.web.desk"),
            "motcua.web.portal",
            id="between-surfaces",
        ),
        pytest.param(
            append("web/ui/__init__.py", "import motcua.web.portal"), "motcua.web.ui", id="up-to-a-surface"
        ),
        pytest.param(new_folder("utils"), "motcua.utils", id="unlisted-folder"),
        pytest.param(new_folder("web/open_data"), "motcua.web.open_data", id="unlisted-surface"),
        pytest.param(append("rules/__init__.py", "import django"), "motcua.rules", id="framework-in-rules"),
        pytest.param(
            append("calendars/__init__.py", "import django.db"),
            "motcua.calendars",
            id="framework-in-calendars",
        ),
        pytest.param(append("seals/__init__.py", "import psycopg"), "motcua.seals", id="database-in-seals"),
    ],
)
def test_planted_violation_is_refused(tree: Path, plant: Plant, broken: str) -> None:
    plant(tree)

    status, said = lint(tree)

    assert status != 0
    assert broken in said, said
