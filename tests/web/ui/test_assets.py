"""Built files are found by their declared names."""

import json
from pathlib import Path

import pytest

from motcua.web.ui import assets


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    manifest = {
        "src/app.ts": {"file": "assets/app-1a2b3c4d.js", "name": "app", "isEntry": True},
        "src/styles/app.scss": {"file": "assets/styles-9z8y7x6w.css", "name": "styles", "isEntry": True},
        "board/main.ts": {
            "file": "assets/board-5e6f7a8b.js",
            "name": "board",
            "isEntry": True,
            "css": ["assets/board-0c1d2e3f.css"],
        },
        "_shared-77.js": {"file": "assets/shared-77.js", "name": "shared"},
        "fonts/letters.woff2": {"file": "assets/letters-abc.woff2", "src": "fonts/letters.woff2"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr(assets, "BUILT", tmp_path)
    assets.built_files.cache_clear()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("app.js", "assets/app-1a2b3c4d.js"),
        ("styles.css", "assets/styles-9z8y7x6w.css"),
        ("board.css", "assets/board-0c1d2e3f.css"),
        ("letters.woff2", "assets/letters-abc.woff2"),
    ],
)
@pytest.mark.usefixtures("built")
def test_entry_and_its_style_are_found(name: str, file: str) -> None:
    assert assets.asset_url(name) == f"/static/built/{file}"


@pytest.mark.usefixtures("built")
def test_unknown_name_says_what_is_built_and_how_to_build() -> None:
    with pytest.raises(assets.AssetNotBuilt, match=r"no built file 'nope.js'.*app.js.*npm run build"):
        assets.asset_url("nope.js")


def test_missing_build_is_told_not_guessed(built: Path) -> None:
    (built / "manifest.json").unlink()

    with pytest.raises(assets.AssetNotBuilt, match="nothing yet"):
        assets.asset_url("app.js")
