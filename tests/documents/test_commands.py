"""``motcua documents``: from a new authority to a sealed paper, in the words that an operator reads."""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from sealing import WARD, officer

from motcua.documents.commands import add_commands
from motcua.documents.models import SignatureKey
from motcua.documents.services import render_pdf
from motcua.documents.signing.fields import prepare
from motcua.documents.stores import local_authority
from motcua.identity.states import Role

from .signed_papers import a_result


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path) -> Iterator[None]:
    with override_settings(SECRETS_DIR=tmp_path / "secrets", TIME_STAMPS="own"):
        yield


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    arguments = parser.parse_args(["documents", *words])
    return int(arguments.run(arguments))


def test_paper_is_signed_sealed_and_checked_from_the_command_line(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    an, bich = officer(Role.SPECIALIST), officer(Role.APPROVER)
    assert run("authority") == 0
    agency = WARD.replace(".", "_")
    for name, part, login in (("an", "specialist", an.login), ("bich", "leader", bich.login)):
        assert run("key", name, "--as", part, "--agency", agency, "--login", login, "--issue") == 0
    assert run("key", "seal", "--as", "agency", "--agency", agency, "--issue") == 0
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(prepare(render_pdf("result", a_result(), made_at=datetime.now(UTC))))

    assert run("sign", str(paper), "--key", "an", "--as", "specialist", "--agency", "UBND") == 0
    assert run("sign", str(paper), "--key", "seal", "--as", "agency", "--agency", "UBND") == 2
    assert run("sign", str(paper), "--key", "an", "--as", "specialist", "--agency", "UBND") == 1
    assert run("sign", str(paper), "--key", "bich", "--as", "leader", "--agency", "UBND") == 0
    seal = ("--number", "01/2026/GXN-UBND", "--place", "Hải Châu")
    assert run("sign", str(paper), "--key", "seal", "--as", "agency", "--agency", "UBND", *seal) == 0
    capsys.readouterr()
    assert run("check", str(paper)) == 0
    assert "VALID" in capsys.readouterr().out
    assert run("check", str(paper), "--json") == 0
    assert [each["field"] for each in json.loads(capsys.readouterr().out)["signatures"]] == [
        "ChuyenVien",
        "LanhDao",
        "CoQuan",
    ]

    paper.write_bytes(paper.read_bytes() + b" ")
    assert run("check", str(paper)) == 1
    assert "NOT VALID" in capsys.readouterr().out


def test_check_without_trust_or_file_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", str(tmp_path / "nowhere.pdf")) == 2
    (tmp_path / "trust" / "signers").mkdir(parents=True)
    (tmp_path / "trust" / "signers" / "root.pem").write_bytes(b"nothing")
    (tmp_path / "file.pdf").write_bytes(b"%PDF-1.7")

    assert run("check", str(tmp_path / "file.pdf"), "--trust", str(tmp_path / "trust")) == 2
    assert "root.pem is not a certificate" in capsys.readouterr().err


def test_keys_are_entered_once_listed_and_revoked(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    officer(Role.APPROVER)
    agency = WARD.replace(".", "_")
    assert run("key", "seal", "--as", "agency", "--agency", agency, "--issue") == 1
    assert "motcua documents authority" in capsys.readouterr().err
    assert run("authority") == 0
    assert run("authority") == 1
    assert run("key", "seal", "--as", "agency", "--agency", agency, "--issue") == 0
    assert run("key", "seal-2", "--as", "agency", "--agency", agency, "--issue") == 1
    assert run("key", "nobody", "--as", "leader", "--agency", agency) == 2
    assert run("key", "nobody", "--as", "agency", "--agency", "nowhere") == 1
    assert run("keys") == 0
    assert "seal" in capsys.readouterr().out

    assert run("revoke-key", "seal") == 0
    assert run("revoke-key", "nobody") == 1
    assert run("revoke-key", "seal", "--at", "yesterday") == 2

    assert SignatureKey.objects.get().retired_at is not None
    listed = (local_authority().folder / "trust" / "revoked" / "local.crl").stat().st_mtime
    assert datetime.fromtimestamp(listed, UTC) > datetime.now(UTC) - timedelta(minutes=5)
