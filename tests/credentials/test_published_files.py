"""Files that a CDN can carry: named by their content, complete at every moment, and named by a short pointer."""

import gzip
import json
import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from motcua.credentials.models import KeyBundle
from motcua.credentials.published import file_named, newest_files, newest_stamp, write_files
from motcua.credentials.queries import NothingPublished
from motcua.credentials.services import publish_keys, publish_status_list, revoke, write_published
from motcua.seals.status import open_status

from .conftest import NOW, issued

LATER = NOW + timedelta(minutes=20)


def pointed(folder: Path) -> tuple[str, str, str]:
    told = json.loads((folder / "newest.json").read_text())
    return told["status_list"]["file"], told["keys"]["file"], told["keys"]["plain"]


def test_pointer_names_files_that_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "published"

    written = write_files(folder, now=NOW)

    assert written[-1] == "newest.json"
    for name in pointed(folder):
        assert (folder / name).stat().st_mode & 0o777 == 0o644
    assert {path.name for path in folder.iterdir()} == set(written)


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, now=NOW)

    assert write_files(tmp_path, now=NOW) == []


def test_revocation_is_a_new_name_and_the_old_file_stays_as_it_was(tmp_path: Path) -> None:
    given = issued()
    write_files(tmp_path, now=NOW)
    before, _, _ = pointed(tmp_path)
    content, stamp = (tmp_path / before).read_bytes(), newest_stamp()

    revoke(credential_id=given.id, reason="withdrawn", now=NOW)
    publish_status_list(now=LATER)
    write_files(tmp_path, now=LATER)

    after, _, _ = pointed(tmp_path)
    assert after != before
    assert (tmp_path / before).read_bytes() == content
    assert file_named(before).content == content
    assert newest_stamp() != stamp


def test_what_is_long_is_compressed_beside_and_the_pointer_is_not(tmp_path: Path) -> None:
    write_files(tmp_path, now=NOW)

    _, _, plain = pointed(tmp_path)
    assert gzip.decompress((tmp_path / f"{plain}.gz").read_bytes()) == (tmp_path / plain).read_bytes()
    assert not (tmp_path / "newest.json.gz").exists()


def test_reader_meets_a_whole_pointer_and_its_files_while_they_are_replaced(tmp_path: Path) -> None:
    write_files(tmp_path, now=NOW)
    stop, faults = threading.Event(), list[Exception]()

    def read() -> None:
        while not stop.is_set():
            try:
                for name in pointed(tmp_path):
                    assert (tmp_path / name).read_bytes()
            except (OSError, ValueError) as fault:
                faults.append(fault)

    reader = threading.Thread(target=read)
    reader.start()
    for minute in range(1, 20):
        publish_keys(now=NOW + timedelta(minutes=minute))
        publish_status_list(now=NOW + timedelta(minutes=minute))
        write_files(tmp_path, now=NOW)
    stop.set()
    reader.join()

    assert faults == []
    assert not list(tmp_path.glob(".draft-*"))


def test_old_files_go_after_a_week_and_files_of_others_stay(tmp_path: Path) -> None:
    write_files(tmp_path, now=NOW)
    (status, bundle, _) = pointed(tmp_path)
    (tmp_path / "index.html").write_text("theirs")
    long_ago = (NOW - timedelta(days=30)).timestamp()
    os.utime(tmp_path / "index.html", (long_ago, long_ago))
    publish_status_list(now=NOW + timedelta(days=8))

    write_files(tmp_path, now=NOW + timedelta(days=8))

    assert not (tmp_path / status).exists()
    assert (tmp_path / bundle).exists()
    assert (tmp_path / "index.html").exists()


def test_folder_that_cannot_be_written_is_said_in_the_log(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PUBLISHED_DIR = tmp_path / "taken"
    settings.PUBLISHED_DIR.write_text("a file where the folder should be")

    assert write_published(now=NOW) == []

    assert "were not written" in caplog.text


def test_name_that_nothing_has_is_refused() -> None:
    for name in ("status-00000000000000000000000000000000.cwt", "../secrets/django.key", "x" * 5000):
        with pytest.raises(NothingPublished):
            file_named(name)


def test_before_the_first_publishing_there_is_no_file(tmp_path: Path) -> None:
    KeyBundle.objects.all().delete()

    with pytest.raises(NothingPublished):
        write_files(tmp_path / "published", now=NOW)

    assert list((tmp_path / "published").iterdir()) == []


def test_published_list_opens_with_the_published_keys() -> None:
    status, _, plain, _ = newest_files()
    from motcua.credentials.queries import trusted_keys

    assert open_status(status.content, trusted_keys()).issued_at == status.made_at.replace(microsecond=0)
    assert {each["key_id"] for each in json.loads(plain.content)["keys"]} == {
        key.key_id.hex() for key in trusted_keys()
    }
