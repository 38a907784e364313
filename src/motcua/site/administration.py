"""``motcua migrate`` and ``motcua manage``: the tables of this installation, and Django's own commands."""

import argparse


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of administration."""
    migrate = subparsers.add_parser(
        "migrate", help="bring the database to the present version and grant its roles"
    )
    migrate.add_argument("--quiet", action="store_true", help="say nothing unless something fails")
    migrate.set_defaults(run=run_migrate)
    manage = subparsers.add_parser("manage", help="run a Django command, such as: motcua manage shell")
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(run=run_manage, database_role="owner")


def run_migrate(args: argparse.Namespace) -> int:
    """Migrate as the owner; repeatable."""
    from motcua.site.database import migrate

    migrate(verbosity=0 if args.quiet else 1)
    return 0


def run_manage(args: argparse.Namespace) -> int:
    """Pass the rest of the line to Django."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["motcua manage", *args.arguments])
    return 0
