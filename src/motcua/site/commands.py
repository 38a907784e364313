"""The ``motcua`` command: every app's own commands under one name."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module

from motcua.site.environment import OwnerAddressMissing
from motcua.site.keys import SecretTooWeak
from motcua.site.postgres import DataFolderInUse, ServerNotStarted
from motcua.site.starting import StartRefused

# Who adds the command, by add_commands(subparsers). A command says with set_defaults: run (a function of the arguments
# that returns the exit status), database_role="owner" if it creates tables, needs_database=False if it needs none.
# Only the module of the command that is run is loaded.
COMMANDS: Mapping[str, str] = {
    "serve": "motcua.site.serve",
    "migrate": "motcua.site.administration",
    "manage": "motcua.site.administration",
    "replica": "motcua.site.replica_server",
    "ledger": "motcua.events.commands",
    "places": "motcua.agencies.commands",
    "officers": "motcua.identity.commands",
    "tokens": "motcua.identity.commands",
    "directives": "motcua.directives.commands",
    "registers": "motcua.registers.commands",
    "credentials": "motcua.credentials.commands",
    "documents": "motcua.documents.commands",
    "fees": "motcua.fees.commands",
    "halls": "motcua.appointments.commands",
    "bulk": "motcua.cases.bulk.commands",
    "teams": "motcua.teams.commands",
    "archive": "motcua.archives.commands",
    "packs": "motcua.packs.commands",
    "rules": "motcua.rules.commands",
    "clock": "motcua.calendars.commands",
    "export": "motcua.web.exchange.commands",
    "city": "motcua.site.demo.commands",
    "demo": "motcua.site.demo.commands",
    "load": "motcua.site.load.commands",
    "simulate": "motcua.site.simulate",
}
# These load Django themselves if they need it: the supervisor stays small, the load test thin and quick.
WITHOUT_DJANGO = frozenset({"serve", "load", "simulate"})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; refusals are printed as sentences, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
    arguments = list(sys.argv[1:] if argv is None else argv)
    named = arguments[0] if arguments else ""
    if named not in WITHOUT_DJANGO:
        import django

        django.setup()
    args = parser([named] if named in COMMANDS else COMMANDS).parse_args(arguments)
    try:
        return _run(args)
    except (OwnerAddressMissing, DataFolderInUse, ServerNotStarted, SecretTooWeak, StartRefused) as refusal:
        sys.stderr.write(f"motcua: {refusal}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def parser(names: Iterable[str]) -> argparse.ArgumentParser:
    """Build the parser of the commands of these names, and of those that come from the same modules."""
    top = argparse.ArgumentParser(prog="motcua", description="The open platform of a city's public services.")
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in dict.fromkeys(COMMANDS[name] for name in names):
        import_module(module).add_commands(subparsers)
    return top


def _run(args: argparse.Namespace) -> int:
    from motcua.site import database, postgres

    with contextlib.ExitStack() as stack:
        if getattr(args, "needs_database", True):
            stack.enter_context(postgres.server_of_one_command())
            if getattr(args, "database_role", "app") == "owner":
                database.connect_as("owner")
        if getattr(args, "reads_replica", False):
            _read_from_replica(stack)
        return int(args.run(args))


def _read_from_replica(stack: contextlib.ExitStack) -> None:
    """Take the rows from the replica if there is one and it keeps up, and say as of when they are."""
    from motcua.site.replica import reading_from_replica

    as_of = stack.enter_context(reading_from_replica())
    if as_of is not None:
        sys.stderr.write(f"read from the replica, as of {as_of.isoformat(timespec='seconds')}\n")


if __name__ == "__main__":
    sys.exit(main())
