"""Reading a folder: texts come in, and nothing else does."""

import os
from pathlib import Path

import pytest

from motcua.packs.findings import PackRefused
from motcua.packs.folders import LARGEST_FILE_BYTES, MOST_FILES, read_folder
from motcua.packs.reading import read_pack, sha256_of

from .conftest import Spoiled


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("letters/extra.py", "a pack holds no code"),
        ("decisions/hook.js", "a pack holds no code"),
        ("setup.sh", "a pack holds no code"),
        ("letters/..\\..\\evil.yaml", "the file name is not allowed"),
        ("letters/..%2fevil.yaml", "the file name is not allowed"),
        ("letters/.hidden.yaml", "the file name is not allowed"),
        ("letters/two words.yaml", "the file name is not allowed"),
        ("letters/line\nbreak.yaml", "the file name is not allowed"),
        ("packs.yaml", "a pack has no such file"),
        ("letters/note.txt", "letters does not take .txt files"),
        ("forms/second.yaml", "forms does not take .yaml files"),
    ],
)
def test_file_that_is_not_content_is_refused(file: str, problem: str, pack: Spoiled) -> None:
    pack.write(file, "x: 1\n")

    finding = pack.one_refusal()

    assert problem in finding.problem
    assert finding.file == file.replace("\n", "?")


def test_typo_in_a_file_name_names_the_right_one(pack: Spoiled) -> None:
    (pack.folder / "workflow.yaml").rename(pack.folder / "worklfow.yaml")

    assert pack.one_refusal().remedy == "Did you mean workflow.yaml?"


def test_link_to_a_file_outside_is_refused_and_not_read(pack: Spoiled, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("title: secret")
    (pack.folder / "letters" / "granted.yaml").unlink()
    (pack.folder / "letters" / "granted.yaml").symlink_to(secret)

    finding = pack.one_refusal()

    assert (finding.file, finding.problem) == ("letters/granted.yaml", "this is a link")
    assert "secret" not in str(finding)


def test_linked_folder_is_refused(pack: Spoiled, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (pack.folder / "letters").rename(tmp_path / "letters")
    (pack.folder / "letters").symlink_to(tmp_path / "letters")

    assert pack.refusal()[0].problem == "this is a link"


def test_pack_that_is_itself_a_link_is_refused(pack: Spoiled, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(pack.folder)

    with pytest.raises(PackRefused, match="this is not a folder"):
        read_folder(tmp_path / "alias")


def test_pipe_is_refused_without_waiting_for_it(pack: Spoiled) -> None:
    os.mkfifo(pack.folder / "letters" / "pipe.yaml")

    assert pack.one_refusal().problem == "this is not a plain file"


def test_executable_text_is_refused(pack: Spoiled) -> None:
    (pack.folder / "facts.yaml").chmod(0o755)

    assert "executable" in pack.one_refusal().problem


def test_folder_in_a_folder_is_refused(pack: Spoiled) -> None:
    pack.write("letters/deep/inside.yaml", "x: 1\n")

    assert "no such folder" in pack.one_refusal().problem


def test_too_large_a_file_is_refused(pack: Spoiled) -> None:
    pack.write("letters/long.yaml", "x" * (LARGEST_FILE_BYTES + 1))

    assert "larger than" in pack.one_refusal().problem


def test_too_many_files_are_refused(pack: Spoiled) -> None:
    for number in range(MOST_FILES):
        pack.write(f"letters/letter{number}.yaml", "x: 1\n")

    assert "files" in pack.one_refusal().problem


def test_text_that_is_not_utf8_names_the_line(pack: Spoiled) -> None:
    (pack.folder / "letters" / "granted.yaml").write_bytes("title: đ\nbody: ".encode() + b"\xff\xfe")

    finding = pack.one_refusal()

    assert (finding.line, finding.problem) == (2, "the text is not UTF-8")


def test_unseen_character_names_the_line(pack: Spoiled) -> None:
    line = pack.replace("letters/granted.yaml", "Dear", "De\u202ear")

    finding = pack.one_refusal()

    assert finding.line == line
    assert "U+202E" in finding.problem


def test_everything_wrong_is_told_at_once(pack: Spoiled) -> None:
    pack.write("letters/a.py", "")
    pack.write("letters/b.txt", "")

    assert len(pack.refusal()) == 2


def test_hash_changes_with_content_and_not_with_examples_or_sources(pack: Spoiled) -> None:
    before = read_pack(pack.folder).sha256
    pack.replace("SOURCES.md", "not yet confirmed", "confirmed")
    pack.replace("examples/answers.yaml", "moved_away, given", "gone_away, given")
    same = read_pack(pack.folder).sha256
    pack.replace("letters/granted.yaml", "Dear", "Good day")

    assert same == before
    assert read_pack(pack.folder).sha256 != before


def test_hash_tells_two_files_from_one(pack: Spoiled) -> None:
    one = read_folder(pack.folder)
    joined = type(one)(one.name, {"a.yaml": "xb.yaml", "b.yaml": ""})
    apart = type(one)(one.name, {"a.yaml": "x", "b.yaml": "b.yaml"})

    assert sha256_of(joined) != sha256_of(apart)
