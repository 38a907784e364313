"""Rules of STYLE that no linter of ours knows: sizes, the clock, packs without Python; each proved by a plant."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FUNCTION = 60
LONGEST_FILE = 500
# Only the edges read the clock; everything else is told the time.
MAY_READ_THE_CLOCK = ("web", "site", "simulators")
MAY_READ_THE_CLOCK_FILES = ("commands.py", "jobs.py", "handlers.py")
# Middleware is an edge too, and so is the intake, whose writers file at the moment at which they begin a batch; and
# FEEL has functions of its own that ask for the present moment.
MAY_READ_THE_CLOCK_BESIDES = (
    Path("cases/intake.py"),
    Path("identity/sessions.py"),
    Path("rules/temporal.py"),
)
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
}

Rule = Callable[[Path], list[str]]


def modules(tree: Path) -> Iterator[tuple[Path, str]]:
    """Yield every module of the package with its text; migrations are written by Django."""
    for path in sorted((tree / "src" / "motcua").rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(tree / "src" / "motcua"), path.read_text(encoding="utf-8")


def long_functions(tree: Path) -> list[str]:
    """Name functions past the longest length, docstring and decorators included."""
    found = []
    for path, text in modules(tree):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    found.append(f"{path}: {node.name} has {length} lines")
    return found


def long_files(tree: Path) -> list[str]:
    """Name modules past the longest length."""
    return [
        f"{path}: {text.count(chr(10))} lines"
        for path, text in modules(tree)
        if text.count("\n") > LONGEST_FILE
    ]


def clocks_read(tree: Path) -> list[str]:
    """Name every use of a clock, called or handed on, outside the edges."""
    found = []
    for path, text in modules(tree):
        if path.parts[0] in MAY_READ_THE_CLOCK or path.name in MAY_READ_THE_CLOCK_FILES:
            continue
        if path in MAY_READ_THE_CLOCK_BESIDES:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCKS:
                found.append(f"{path}:{node.lineno} reads the clock")
    return found


def _last_name(node: ast.expr) -> str:
    """Return ``datetime`` for both ``datetime`` and ``datetime.datetime``."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def code_in_packs(tree: Path) -> list[str]:
    """Name files of packs that could be run."""
    runnable = {".py", ".pyc", ".so", ".js", ".sh", ".ipynb"}
    return [
        str(path.relative_to(tree)) for path in sorted((tree / "packs").rglob("*")) if path.suffix in runnable
    ]


@pytest.mark.parametrize("rule", [long_functions, long_files, clocks_read, code_in_packs])
def test_house_keeps_its_rules(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(
    ("rule", "file", "text", "found"),
    [
        pytest.param(
            long_functions,
            "src/motcua/cases/services.py",
            "def act():\n" + "    pass\n" * 60,
            "cases/services.py: act has 61 lines",
            id="function-of-61-lines",
        ),
        pytest.param(
            long_files,
            "src/motcua/cases/services.py",
            "x = 1\n" * 501,
            "cases/services.py: 501 lines",
            id="file-of-501-lines",
        ),
        pytest.param(
            clocks_read,
            "src/motcua/cases/services.py",
            "from django.utils import timezone\nfiled_at = timezone.now()\n",
            "cases/services.py:2 reads the clock",
            id="timezone-now",
        ),
        pytest.param(
            clocks_read,
            "src/motcua/cases/models.py",
            "import datetime\ndue = datetime.datetime.now(datetime.UTC)\n",
            "cases/models.py:2 reads the clock",
            id="datetime-now",
        ),
        pytest.param(
            clocks_read,
            "src/motcua/cases/models.py",
            "field = DateTimeField(default=timezone.now)\n",
            "cases/models.py:1 reads the clock",
            id="clock-as-default",
        ),
        pytest.param(
            code_in_packs,
            "packs/travel_pass/rules.py",
            "answer = 'yes'\n",
            "packs/travel_pass/rules.py",
            id="python-in-a-pack",
        ),
    ],
)
def test_planted_violation_is_found(tmp_path: Path, rule: Rule, file: str, text: str, found: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(text, encoding="utf-8")

    assert rule(tmp_path) == [found]


def test_edges_may_read_the_clock(tmp_path: Path) -> None:
    for file in ("web/desk/views.py", "cases/commands.py", "events/jobs.py"):
        path = tmp_path / "src" / "motcua" / file
        path.parent.mkdir(parents=True)
        path.write_text("now = timezone.now()\n", encoding="utf-8")

    assert clocks_read(tmp_path) == []
