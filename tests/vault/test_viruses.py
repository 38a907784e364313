"""ClamAV, where the operator runs one: what it finds is refused, and nothing passes while it is silent."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from papers import pdf
from pikepdf import Pdf
from pytest_django import Settings

from motcua.identity.models import Account
from motcua.vault.checking.faults import PaperRefused
from motcua.vault.models import Paper, PaperFile
from motcua.vault.queries import papers_of
from motcua.vault.services import keep_upload

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """Speaks the part of clamd's language that is used, and knows one signature."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        found = EICAR in content
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


@pytest.fixture
def scanner(tmp_path: Path, settings: Settings) -> Iterator[None]:
    path = tmp_path / "clamd.ctl"
    with socketserver.ThreadingUnixStreamServer(str(path), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MOTCUA_CLAMD = str(path)
        yield
        server.shutdown()


def keep(account: Account, content: bytes, now: datetime) -> None:
    assert account.person_id is not None
    keep_upload(
        person_id=account.person_id,
        kind="other",
        title="",
        file_name="giay.pdf",
        content=content,
        now=now,
        today=now.date(),
    )


def infected() -> bytes:
    """Return a sound PDF with the test signature in a stream, where no check of ours looks."""

    def change(made: Pdf) -> None:
        made.Root.Note = made.make_stream(EICAR)

    return pdf(change, compress_streams=False)


@pytest.mark.usefixtures("scanner")
def test_clean_paper_is_kept_as_scanned(binh: Account, now: datetime) -> None:
    keep(binh, pdf(), now)

    assert papers_of(binh.person_id or 0)[0].scanned


@pytest.mark.usefixtures("scanner")
def test_what_the_scanner_finds_is_refused(binh: Account, now: datetime) -> None:
    content = infected()
    assert EICAR in content

    with pytest.raises(PaperRefused) as refusal:
        keep(binh, content, now)

    assert refusal.value.fault == "virus"
    assert not PaperFile.objects.exists()


def test_silent_scanner_lets_nothing_pass(
    binh: Account, now: datetime, tmp_path: Path, settings: Settings
) -> None:
    settings.MOTCUA_CLAMD = str(tmp_path / "nobody.ctl")

    with pytest.raises(PaperRefused) as refusal:
        keep(binh, pdf(), now)

    assert refusal.value.fault == "not_scanned"
    assert not Paper.objects.exists()
