"""Which files a page that works without a network keeps, from the manifest of the front-end build."""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache

from django.http import HttpResponse
from django.templatetags.static import static

from motcua.web.ui.assets import BUILT, AssetNotBuilt, asset_file

_WORKER = "offline_worker.js"


def offline_files(entry: str, further: Sequence[str]) -> list[str]:
    """Return the addresses of all scripts, styles and fonts of an entry such as ``scanner/main.ts``, and ``further``.

    Sorted. Raises ``AssetNotBuilt``.
    """
    built = [static(f"built/{name}") for name in _closure(_read_manifest(_changed_at()), entry)]
    return sorted([*built, *further])


def worker_answer(*, cache: str, page: str, files: list[str]) -> HttpResponse:
    """Give the service worker that keeps page and files; it changes whenever a file does. Raises ``AssetNotBuilt``.

    ``cache`` begins the names of its caches: no other page's worker sweeps them away.
    """
    script = (BUILT / asset_file(_WORKER)).read_text(encoding="utf-8")
    known = {"cache": cache, "version": version_of(files, script), "page": page, "files": files}
    return HttpResponse(f"self.OFFLINE = {json.dumps(known)};\n{script}", content_type="text/javascript")


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


def _closure(manifest: dict[str, dict[str, object]], entry: str) -> set[str]:
    """Follow the entry's imports; each chunk names its styles, fonts and the decoder."""
    if entry not in manifest:
        raise AssetNotBuilt(entry.replace("/main.ts", ".js"), ())
    files: set[str] = set()
    seen: set[str] = set()
    waiting = [entry]
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
