"""Reads the files of a pack's folder into memory, and refuses what content has no need of.

Content is data: no code, no link, no file that the layout does not know, nothing larger than a text.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .findings import Finding, PackRefused, Said, did_you_mean

LARGEST_FILE_BYTES = 2_000_000
LARGEST_PACK_BYTES = 8_000_000
MOST_FILES = 200
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.[a-z]{2,5}")
FOLDERS = {
    "": (".yaml", ".md"),
    "forms": (".json",),
    "decisions": (".dmn",),
    "letters": (".yaml",),
    "indicators": (".yaml",),
    "examples": (".yaml",),
}
FILES_AT_THE_TOP = (
    "pack.yaml",
    "facts.yaml",
    "words.yaml",
    "fees.yaml",
    "workflow.yaml",
    "credential.yaml",
    "result.yaml",
    "SOURCES.md",
)
CODE = {
    ".py",
    ".pyc",
    ".pyi",
    ".so",
    ".sh",
    ".js",
    ".ts",
    ".exe",
    ".bat",
    ".dll",
    ".jar",
    ".php",
    ".rb",
    ".html",
}


@dataclass(frozen=True, slots=True)
class PackFolder:
    """The texts of a pack by their path inside the folder, in the order of paths."""

    name: str
    texts: dict[str, str]

    def under(self, folder: str) -> dict[str, str]:
        """Return the files of one folder."""
        return {path: text for path, text in self.texts.items() if path.startswith(f"{folder}/")}


def read_folder(path: Path) -> PackFolder:
    """Read the folder; raises ``PackRefused`` with everything in it that a pack may not hold."""
    if path.is_symlink() or not path.is_dir():
        raise PackRefused(
            [
                Finding(
                    path.name or ".",
                    0,
                    "this is not a folder",
                    "Give the folder of the pack, not a file or a link.",
                )
            ]
        )
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    total_bytes = 0
    for count, (inside, entry) in enumerate(_entries(path, findings)):
        if count >= MOST_FILES:
            findings.append(
                Finding(
                    path.name,
                    0,
                    f"the pack holds over {MOST_FILES} files",
                    "Split the service or remove what is not used.",
                )
            )
            break
        fault = _fault_of(inside, entry)
        if fault is not None:
            findings.append(fault)
            continue
        content = _read(path / inside)
        total_bytes += len(content)
        text = _decoded(inside, content, findings)
        if text is not None:
            texts[str(inside)] = text
    if total_bytes > LARGEST_PACK_BYTES:
        findings.append(
            Finding(
                path.name,
                0,
                f"the pack is larger than {LARGEST_PACK_BYTES:,} bytes",
                "Keep only the texts of the service.",
            )
        )
    if findings:
        raise PackRefused(findings)
    return PackFolder(path.name, dict(sorted(texts.items())))


def text_of_file(inside: str, content: bytes) -> str:
    """Return the text of one file that was handed in; raises ``PackRefused`` for what no file of a pack may be."""
    findings: list[Finding] = []
    if len(content) > LARGEST_FILE_BYTES:
        raise PackRefused(
            [
                Finding(
                    inside,
                    0,
                    Said(
                        f"the file is larger than {LARGEST_FILE_BYTES:,} bytes",
                        f"tệp lớn hơn {LARGEST_FILE_BYTES // 1_000_000} MB",
                    ),
                    Said("Split it or shorten it.", "Hãy chia nhỏ hoặc rút gọn."),
                )
            ]
        )
    text = _decoded(PurePosixPath(inside), content, findings)
    if text is None:
        raise PackRefused(findings)
    return text


def _entries(path: Path, findings: list[Finding]) -> Iterator[tuple[PurePosixPath, os.stat_result]]:
    """Yield every file with its own status (links not followed); folders one level deep."""
    waiting = [PurePosixPath()]
    while waiting:
        folder = waiting.pop()
        with os.scandir(path / folder) as found:
            for entry in sorted(found, key=lambda each: each.name):
                inside = folder / entry.name
                status = entry.stat(follow_symlinks=False)
                if not stat.S_ISDIR(status.st_mode):
                    yield inside, status
                elif folder == PurePosixPath() and entry.name in FOLDERS:
                    waiting.append(inside)
                else:
                    findings.append(
                        Finding(
                            _printable(inside),
                            0,
                            "a pack has no such folder",
                            did_you_mean(entry.name, filter(None, FOLDERS)),
                        )
                    )


def _fault_of(inside: PurePosixPath, status: os.stat_result) -> Finding | None:
    shown, suffix, folder = _printable(inside), inside.suffix.lower(), str(inside.parent).strip(".")
    endings = " or ".join(FOLDERS[folder])
    checks = (
        (
            stat.S_ISLNK(status.st_mode),
            "this is a link",
            "Put the file itself here: a pack never reaches outside its folder.",
        ),
        (not stat.S_ISREG(status.st_mode), "this is not a plain file", "Remove it; a pack holds texts only."),
        (
            suffix in CODE,
            f"a pack holds no code, and {suffix} is code",
            "Say it in a decision table, a form or the workflow, and remove the file.",
        ),
        (
            FILE_NAME.fullmatch(inside.name) is None,
            "the file name is not allowed",
            "Use letters, digits, _ and -, and one ending, such as letters/granted.yaml.",
        ),
        (
            status.st_mode & 0o111 != 0,
            "the file is marked executable",
            f"Run chmod -x {shown}; content is never run.",
        ),
        (
            folder == "" and inside.name not in FILES_AT_THE_TOP,
            "a pack has no such file",
            did_you_mean(inside.name, FILES_AT_THE_TOP),
        ),
        (suffix not in FOLDERS[folder], f"{folder} does not take {suffix} files", f"Use {endings}."),
        (
            status.st_size > LARGEST_FILE_BYTES,
            f"the file is larger than {LARGEST_FILE_BYTES:,} bytes",
            "Split it or shorten it.",
        ),
    )
    for wrong, problem, remedy in checks:
        if wrong:
            return Finding(shown, 0, problem, remedy)
    return None


def _read(path: Path) -> bytes:
    # O_NOFOLLOW: between the look and the read the file could have become a link.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(LARGEST_FILE_BYTES + 1)


def _decoded(inside: PurePosixPath, content: bytes, findings: list[Finding]) -> str | None:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.append(
            Finding(
                str(inside),
                line,
                Said("the text is not UTF-8", "tệp không phải chữ UTF-8"),
                Said("Save the file as UTF-8.", "Hãy lưu tệp ở dạng UTF-8."),
            )
        )
        return None
    odd = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        findings.append(
            Finding(
                str(inside),
                line,
                Said(
                    f"the unseen character U+{ord(odd[0]):04X} hides in the text",
                    f"có ký tự không nhìn thấy U+{ord(odd[0]):04X} trong tệp",
                ),
                Said("Delete it and save again.", "Hãy xoá ký tự đó rồi lưu lại."),
            )
        )
        return None
    return text


def _printable(inside: PurePosixPath) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in str(inside))
