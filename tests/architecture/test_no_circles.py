"""The modules of rules, calendars and seals know each other in one direction, imports for types alone included."""

import ast
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "src" / "motcua"
PURE = ("rules", "calendars", "seals")

Graph = dict[str, set[str]]


def imports(tree: Path) -> Graph:
    """Return which module names which, wherever in the file it does."""
    paths = {named(tree, path): path for folder in PURE for path in (tree / folder).rglob("*.py")}
    graph: Graph = {}
    for name, path in paths.items():
        found: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= {one if one in paths else node.module for one in whole}
            elif isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
        graph[name] = (found & paths.keys()) - {name}
    return graph


def named(tree: Path, path: Path) -> str:
    """Return the dotted name of a module."""
    parts = path.relative_to(tree).with_suffix("").parts
    return ".".join(("motcua", *parts)).removesuffix(".__init__")


def circle(graph: Graph) -> list[str]:
    """Return modules that lead from one to the next and back to the first, or nothing."""
    done: set[str] = set()

    def follow(name: str, way: list[str]) -> list[str]:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return []
        for other in sorted(graph[name]):
            found = follow(other, [*way, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in sorted(graph) if (found := follow(name, []))), [])


def test_no_module_leads_back_to_itself() -> None:
    assert circle(imports(ROOT)) == []


@pytest.mark.parametrize(
    "line",
    [
        "from motcua.rules.evaluation import Model",
        "import motcua.rules.evaluation",
        "def late():\n    from motcua.rules import evaluation",
    ],
)
def test_planted_circle_is_found(tmp_path: Path, line: str) -> None:
    for folder in PURE:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    with (tmp_path / "rules" / "values.py").open("a", encoding="utf-8") as target:
        target.write(f"\n{line}\n")

    found = circle(imports(tmp_path))

    assert "motcua.rules.values" in found
    assert found[0] == found[-1]
