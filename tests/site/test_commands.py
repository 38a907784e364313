"""Every app's commands hang under one name, and each knows what it needs."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from motcua.site import commands
from motcua.site.commands import COMMANDS, parser


def leaves(
    above: argparse.ArgumentParser, words: str = "motcua"
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command that can be run, with the words that lead to it."""
    groups = [action for action in above._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield words, above
    for group in groups:
        for name, below in group.choices.items():
            yield from leaves(below, f"{words} {name}")


# What few commands use and all would wait for: signing, workbooks, typesetting, statements, pictures, pages.
HEAVY = (
    "aiohttp",
    "authlib",
    "jsonschema",
    "ninja",
    "numpy",
    "openpyxl",
    "pikepdf",
    "PIL",
    "pyhanko",
    "sqlglot",
    "typst",
)


def test_help_loads_nothing_that_only_some_commands_use() -> None:
    script = (
        "import contextlib, io, json, sys; from motcua.site.commands import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as told: main(['--help'])\n"
        f"print(json.dumps([told.getvalue(), [name for name in {HEAVY} if name in sys.modules]]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ, timeout=60
    )

    told, loaded = json.loads(done.stdout)
    assert "check, prove, install and begin services" in told
    assert loaded == []


def test_web_process_answers_before_what_only_some_pages_use_is_loaded() -> None:
    # After a crash people wait for each of these: workbooks come with the first list, the other with a sign-in.
    script = (
        "import json, sys; import motcua.site.wsgi\n"
        "print(json.dumps([name for name in ('authlib', 'numpy', 'openpyxl') if name in sys.modules]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
        timeout=120,
    )

    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("module", sorted(set(COMMANDS.values())))
def test_module_of_a_command_adds_what_the_table_says(module: str) -> None:
    named = [name for name in COMMANDS if COMMANDS[name] == module]

    (group,) = [each for each in parser(named)._actions if isinstance(each, argparse._SubParsersAction)]

    assert list(group.choices) == named


def test_every_command_can_be_run() -> None:
    names = {words for words, _ in leaves(parser(COMMANDS))}

    assert {
        "motcua serve",
        "motcua migrate",
        "motcua packs check",
        "motcua ledger verify",
        "motcua credentials verify",
        "motcua export cases",
        "motcua demo accounts",
    } <= names


@pytest.mark.parametrize("words", ["registers declare", "registers load", "demo prepare", "manage"])
def test_commands_that_create_tables_work_as_the_owner(words: str) -> None:
    command = dict(leaves(parser(COMMANDS)))[f"motcua {words}"]

    assert command.get_default("database_role") == "owner"


@pytest.mark.parametrize("words", ["packs check", "packs test", "packs new", "serve"])
def test_commands_on_files_start_no_database(words: str) -> None:
    command = dict(leaves(parser(COMMANDS)))[f"motcua {words}"]

    assert command.get_default("needs_database") is False


def test_unknown_command_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        commands.main(["no-such-thing"])

    assert ending.value.code == 2
    assert "choose from" in capsys.readouterr().err
