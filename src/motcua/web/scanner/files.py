"""Which files the scanner needs offline, from the manifest of the front-end build."""

import hashlib
import json
from functools import lru_cache

from django.templatetags.static import static

from motcua.web.ui.assets import BUILT, AssetNotBuilt, asset_file

_ENTRY, _WORKER = "scanner/main.ts", "scanner_worker.js"
ICONS = ("icon.svg", "icon-192.png", "icon-512.png", "icon-maskable-512.png")


def offline_files() -> list[str]:
    """Return the addresses of all scripts, styles, fonts and icons of the page, sorted."""
    built = [static(f"built/{name}") for name in _closure(_read_manifest(_changed_at()))]
    return sorted([*built, *(static(f"scanner/{icon}") for icon in ICONS)])


def worker_script() -> str:
    """Return the built service worker. Raises ``AssetNotBuilt``."""
    return (BUILT / asset_file(_WORKER)).read_text(encoding="utf-8")


def version_of(files: list[str], script: str) -> str:
    """Return a name that changes whenever a file or the worker changes; built names carry their own hash."""
    return hashlib.sha256("\n".join([*files, script]).encode()).hexdigest()[:16]


def _changed_at() -> float:
    manifest = BUILT / "manifest.json"
    return manifest.stat().st_mtime if manifest.exists() else -1.0


@lru_cache(maxsize=2)
def _read_manifest(changed_at: float) -> dict[str, dict[str, object]]:
    manifest: dict[str, dict[str, object]] = (
        json.loads((BUILT / "manifest.json").read_text(encoding="utf-8")) if changed_at >= 0 else {}
    )
    return manifest


def _closure(manifest: dict[str, dict[str, object]]) -> set[str]:
    """Follow the entry's imports; each chunk names its styles, fonts and the decoder."""
    if _ENTRY not in manifest:
        raise AssetNotBuilt("scanner.js", ())
    files: set[str] = set()
    seen: set[str] = set()
    waiting = [_ENTRY]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        chunk = manifest[name]
        files.add(str(chunk["file"]))
        for kind in ("css", "assets"):
            files |= set(_names(chunk.get(kind)))
        waiting += [*_names(chunk.get("imports")), *_names(chunk.get("dynamicImports"))]
    return files


def _names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []
