"""Finds the built styles and scripts by the names under which the front end declares them."""

import json
from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.templatetags.static import static

BUILT = Path(__file__).parent / "static" / "built"


class AssetNotBuilt(LookupError):
    """No built file has that name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"the front end has no built file {name!r} "
            f"(built: {', '.join(known) or 'nothing yet'}); run 'npm ci && npm run build' in frontend/"
        )


def asset_url(name: str) -> str:
    """Return the address of a built file: ``styles.css``, ``scanner.js``, or a font by its file name.

    Raises ``AssetNotBuilt`` for a name that the last build did not bring.
    """
    return static(f"built/{asset_file(name)}")


def asset_file(name: str) -> str:
    """Return the hashed path of a built file below ``static/built``; raises ``AssetNotBuilt``."""
    files = built_files(_changed_at())
    if name not in files:
        raise AssetNotBuilt(name, tuple(sorted(files)))
    return files[name]


@lru_cache(maxsize=2)
def built_files(changed_at: float) -> dict[str, str]:
    """Return declared name -> hashed path; ``changed_at`` only tells one build from the next."""
    manifest = BUILT / "manifest.json"
    if not manifest.exists():
        return {}
    files: dict[str, str] = {}
    for source, entry in json.loads(manifest.read_text()).items():
        path = PurePosixPath(entry["file"])
        if entry.get("isEntry"):
            files[f"{entry['name']}{path.suffix}"] = entry["file"]
            for sheet in entry.get("css", ()):
                files[f"{entry['name']}.css"] = sheet
        elif "src" in entry and path.suffix != ".js":
            files[PurePosixPath(source).name] = entry["file"]
    return files


def _changed_at() -> float:
    manifest = BUILT / "manifest.json"
    return manifest.stat().st_mtime if manifest.exists() else -1.0
