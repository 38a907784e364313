"""Writes and checks a package: a BagIt bag (RFC 8493) in one ZIP, pure and without the database."""

import hashlib
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD, TAGS = "manifest-sha512.txt", "tagmanifest-sha512.txt"
# Plain names only: a package is unpacked on systems that we do not know.
_PATH = re.compile(r"[a-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
# As they stand in the ZIP, below the folder of the package.
_UNPACKED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)+")
_LINE = re.compile(r"(?P<digest>[0-9a-f]{128}) [ *](?P<path>\S+)")
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a dossier; ``path`` is its place under ``data/``, ``title`` what it is, in Vietnamese."""

    path: str
    title: str
    media_type: str
    content: bytes

    @property
    def sha512(self) -> str:
        """Return the hash under which the manifest names it."""
        return sha512(self.content)


class NotABag(ValueError):
    """The file is no ZIP with one folder that holds a bag."""


class PathNotPlain(ValueError):
    """A file of a package has a name that other systems might not unpack."""


def sha512(content: bytes) -> str:
    """Return the hash as manifests write it."""
    return hashlib.sha512(content).hexdigest()


def write_bag(
    *, name: str, parts: Sequence[Part], about: Iterable[tuple[str, str]], made_at: datetime
) -> bytes:
    """Return the ZIP of a bag in the folder ``name``; the same parts and moment give the same bytes.

    ``about`` are the lines of ``bag-info.txt``. Raises ``PathNotPlain`` also for a path that stands twice.
    """
    payload: dict[str, bytes] = {}
    for part in parts:
        path = f"data/{part.path}"
        if not _PATH.fullmatch(part.path) or path in payload:
            raise PathNotPlain(f"{part.path!r} stands twice in {name}, or other systems may not unpack it")
        payload[path] = part.content
    size = sum(map(len, payload.values()))
    lines = [*about, ("Bagging-Date", f"{made_at:%Y-%m-%d}"), ("Payload-Oxum", f"{size}.{len(payload)}")]
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": "".join(f"{label}: {_one_line(text)}\n" for label, text in lines).encode(),
        PAYLOAD: _manifest(payload),
    }
    tags[TAGS] = _manifest(tags)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in {**tags, **payload}.items():
            entry = zipfile.ZipInfo(f"{name}/{path}", made_at.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def read_bag(packed: bytes) -> dict[str, bytes]:
    """Return the files of a bag by their path in it; raises ``NotABag``.

    A path that stands twice, or that would be unpacked elsewhere, is refused: what is checked here must be what any
    other program unpacks.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            # Other programs that pack a bag anew write its folders as entries of their own.
            entries = [each for each in archive.infolist() if not each.is_dir()]
            _refuse_odd(entries)
            files = {each.filename.partition("/")[2]: archive.read(each) for each in entries}
    except NotABag:
        raise
    except _UNREADABLE as fault:
        raise NotABag(f"the file is no readable ZIP: {fault}") from fault
    if files.get("bagit.txt") != DECLARATION:
        raise NotABag("bagit.txt is missing or not of version 1.0")
    return files


# What zipfile and the ways of packing that it knows raise for bytes that are damaged, or made to confuse them.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def _refuse_odd(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len({each.filename.partition("/")[0] for each in entries}) != 1:
        raise NotABag("a package is one folder in a ZIP")
    if sum(each.file_size for each in entries) > MOST_BYTES:
        raise NotABag(f"the package unpacks to more than {MOST_BYTES:,} bytes")
    names = [each.filename for each in entries]
    if len(set(names)) != len(names):
        raise NotABag("a path stands twice in the ZIP, so that programs differ in what they unpack")
    odd = next((each for each in names if not _UNPACKED.fullmatch(each)), None)
    if odd is not None:
        raise NotABag(f"{odd!r} is no plain path: other programs may unpack it elsewhere")


def faults_of(files: Mapping[str, bytes]) -> list[str]:
    """Return what is wrong with a bag, a sentence each: nothing where every file is as the manifests say."""
    faults: list[str] = []
    for manifest, wanted in (
        (PAYLOAD, {path for path in files if path.startswith("data/")}),
        (TAGS, {path for path in files if not path.startswith("data/")} - {TAGS}),
    ):
        if manifest not in files:
            faults.append(f"{manifest} is missing")
            continue
        listed = _listed(files[manifest])
        if listed is None:
            faults.append(f"{manifest} has a line that is no hash and path")
            continue
        faults += [f"{path} is missing" for path in sorted(set(listed) - set(files))]
        faults += [f"{path} is in no manifest" for path in sorted(wanted - set(listed))]
        faults += [
            f"{path} is not what it was when it was archived"
            for path in sorted(set(listed) & set(files))
            if sha512(files[path]) != listed[path]
        ]
    return faults


def _manifest(files: Mapping[str, bytes]) -> bytes:
    # Two spaces, as sha512sum writes and reads it; the standard takes any.
    return "".join(f"{sha512(content)}  {path}\n" for path, content in files.items()).encode()


def _listed(manifest: bytes) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for line in manifest.decode("utf-8", "replace").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            return None
        found[match["path"]] = match["digest"]
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())
