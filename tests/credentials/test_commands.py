import argparse
import base64
import io
import json
import sys

import pytest

from motcua.credentials.commands import add_commands
from motcua.credentials.models import CredentialKey
from motcua.credentials.queries import keys

from .conftest import NOW, issued


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser()
    add_commands(top.add_subparsers())
    return top


def run(*arguments: str) -> int:
    args = parser().parse_args(["credentials", *arguments])
    return int(args.run(args))


def feed(monkeypatch: pytest.MonkeyPatch, *lines: object) -> None:
    text = "\n".join(json.dumps(line) for line in lines) + "\n\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_verify_answers_every_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = issued().text
    certificate = base64.b64encode(bytes(CredentialKey.objects.get(use="passes").certificate_der)).decode()
    feed(
        monkeypatch,
        {"id": 1, "qr": text, "certs": [certificate], "at": NOW.isoformat()},
        {"id": 2, "qr": text[:-1], "certs": [certificate], "at": NOW.isoformat()},
        {"id": 3, "qr": text, "at": NOW.isoformat()},
        "nonsense",
    )

    assert run("verify", "--jsonl") == 0

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(answer["id"], answer["ok"]) for answer in answers] == [
        (1, True),
        (2, False),
        (3, False),
        (None, False),
    ]


def test_verify_with_the_keys_of_the_installation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feed(monkeypatch, {"id": 1, "qr": issued().text, "at": NOW.isoformat()})

    assert run("verify", "--jsonl", "--installation") == 0

    assert json.loads(capsys.readouterr().out)["ok"] is True


def test_verify_needs_no_database_unless_asked() -> None:
    assert parser().parse_args(["credentials", "verify", "--jsonl"]).needs_database is False
    assert parser().parse_args(["credentials", "verify", "--jsonl", "--installation"]).needs_database is True


def test_rotate_revoke_list_and_publish(capsys: pytest.CaptureFixture[str]) -> None:
    old = next(key.key_id for key in keys() if key.use == "passes")

    assert run("rotate-key") == 0
    assert run("revoke-key", old, "--at", "2026-11-22T00:00:00") == 0
    assert run("publish") == 0
    assert run("keys") == 0

    printed = capsys.readouterr().out
    assert f"{old}  passes  until 2028-11-21  revoked from 2026-11-22 00:00Z" in printed
    assert "published 2 keys and a status list with 0 revoked passes" in printed


def test_mistyped_and_unknown_keys_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("revoke-key", "xyz") == 2
    assert run("revoke-key", "00" * 8, "--at", "soon") == 2
    assert run("revoke-key", "00" * 8) == 1

    assert "motcua credentials keys" in capsys.readouterr().err
