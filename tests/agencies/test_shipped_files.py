"""The shipped files are what the script derives, and the outlines fit the codes."""

import csv
import importlib.util
import json
from pathlib import Path

import pytest

from motcua.agencies.queries import OUTLINES
from motcua.agencies.services import SHIPPED

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "derive_places.py"


def test_the_script_derives_the_shipped_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("derive_places", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "derive_places", script)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["derive_places.py"])

    assert script.main() == 0

    for name in ("places.csv", "successions.csv"):
        assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes()


def test_outlines_are_small_and_fit_the_codes_in_force() -> None:
    with (SHIPPED / "places.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    in_force = {row["code"]: row["name"] for row in rows if not row["valid_to"] and len(row["code"]) == 5}

    features = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]

    assert {f["properties"]["code"]: f["properties"]["name"] for f in features} == in_force
    assert OUTLINES.stat().st_size <= 400_000
