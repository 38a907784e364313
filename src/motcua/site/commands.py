"""The ``motcua`` command: every app's own commands under one name."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from motcua.site.environment import OwnerAddressMissing
from motcua.site.keys import SecretTooWeak
from motcua.site.postgres import DataFolderInUse, ServerNotStarted
from motcua.site.serve import StartRefused

# Each has add_commands(subparsers). A command says with set_defaults: run (a function of the arguments that
# returns the exit status), database_role="owner" if it creates tables, needs_database=False if it needs none.
COMMANDS = (
    "motcua.site.serve",
    "motcua.site.administration",
    "motcua.site.replica_server",
    "motcua.events.commands",
    "motcua.agencies.commands",
    "motcua.identity.commands",
    "motcua.directives.commands",
    "motcua.registers.commands",
    "motcua.credentials.commands",
    "motcua.documents.commands",
    "motcua.fees.commands",
    "motcua.appointments.commands",
    "motcua.cases.bulk.commands",
    "motcua.teams.commands",
    "motcua.archives.commands",
    "motcua.packs.commands",
    "motcua.rules.commands",
    "motcua.calendars.commands",
    "motcua.web.exchange.commands",
    "motcua.site.demo.commands",
    "motcua.site.load.commands",
    "motcua.site.simulate",
)
# These load Django themselves if they need it: the supervisor stays small, the load test thin and quick.
WITHOUT_DJANGO = {
    "serve": "motcua.site.serve",
    "load": "motcua.site.load.commands",
    "simulate": "motcua.site.simulate",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; refusals are printed as sentences, without a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
    arguments = list(sys.argv[1:] if argv is None else argv)
    alone = WITHOUT_DJANGO.get(arguments[0]) if arguments else None
    if alone is not None:
        args = parser([alone]).parse_args(arguments)
    else:
        import django

        django.setup()
        args = parser(COMMANDS).parse_args(arguments)
    try:
        return _run(args)
    except (OwnerAddressMissing, DataFolderInUse, ServerNotStarted, SecretTooWeak, StartRefused) as refusal:
        sys.stderr.write(f"motcua: {refusal}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def parser(modules: Sequence[str]) -> argparse.ArgumentParser:
    """Build the parser of the commands in ``modules``."""
    top = argparse.ArgumentParser(prog="motcua", description="The open platform of a city's public services.")
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in modules:
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
