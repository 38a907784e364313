"""Every app's commands hang under one name, and each knows what it needs."""

import argparse
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
