"""``motcua replica``: a copy of the embedded database that follows it, for boards and exports.

For a server of yours its own tools do the same; the site needs nothing but ``DATABASE_REPLICA_URL``.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import psycopg
from psycopg import sql

from motcua.site import environment, postgres

DEFAULT_FOLDER = "replica"


class ReplicaRefused(Exception):
    """The replica cannot be made or run as asked; says what to do instead."""


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``replica``."""
    replica = subparsers.add_parser("replica", help="a copy of the embedded database for boards and exports")
    acts = replica.add_subparsers(required=True, metavar="ACT")
    for name, run, told in (
        ("create", run_create, "copy the running database into a folder"),
        ("run", run_server, "follow the database in the foreground; Ctrl-C stops it"),
        ("drop", run_drop, "forget the replica and delete its folder"),
    ):
        act = acts.add_parser(name, help=told)
        act.add_argument(
            "--folder", type=Path, help="where the copy is (default: replica in the data folder)"
        )
        act.set_defaults(run=run, needs_database=False)


def run_create(args: argparse.Namespace) -> int:
    """Copy the database, while it works."""
    return _told(lambda: create(folder_of(args)), "the copy is complete; follow on with: motcua replica run")


def run_drop(args: argparse.Namespace) -> int:
    """Delete the copy, and let the database forget what it kept for it."""
    return _told(lambda: drop(folder_of(args)), "the replica is gone")


def run_server(args: argparse.Namespace) -> int:
    """Become the server of the copy."""
    folder = folder_of(args)
    try:
        launch = prepare(folder)
    except ReplicaRefused as refusal:
        sys.stderr.write(f"motcua: {refusal}\n")
        return 2
    sys.stderr.write(f"DATABASE_REPLICA_URL={url_of(folder)}\n")
    sys.stderr.flush()
    return _become(launch)


def folder_of(args: argparse.Namespace) -> Path:
    """Return the folder of the replica."""
    chosen: Path | None = args.folder
    return (chosen or environment.data_dir() / DEFAULT_FOLDER).resolve()


def create(folder: Path) -> None:
    """Copy the running embedded database into the folder and let it keep what the copy has yet to fetch.

    Raises ``ReplicaRefused``. Costs reading the whole database once.
    """
    if not environment.uses_embedded_database():
        raise ReplicaRefused("DATABASE_URL names a server of yours: make the replica with its own tools.")
    if (folder / "data" / "PG_VERSION").exists():
        raise ReplicaRefused(f"{folder} holds a replica already; drop it first: motcua replica drop")
    if postgres.running_pid() is None:
        raise ReplicaRefused("The database does not run. Start the site first: motcua serve")
    data, account = folder / "data", postgres.system_account()
    folder.mkdir(parents=True, exist_ok=True)
    data.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        postgres.open_the_way_to(postgres.programs_folder(), data)
        os.chown(data, account.pw_uid, account.pw_gid)
    _forget_slot(slot_of(folder))
    argv = [str(postgres.programs_folder() / "pg_basebackup"), "--pgdata", str(data), "--checkpoint", "fast"]
    argv += ["--host", str(environment.socket_folder()), "--username", "postgres", "--no-password"]
    argv += ["--wal-method", "stream", "--write-recovery-conf", "--create-slot", "--slot", slot_of(folder)]
    done = subprocess.run(
        argv,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        shutil.rmtree(data, ignore_errors=True)
        _forget_slot(slot_of(folder))
        raise ReplicaRefused(f"pg_basebackup failed: {done.stderr.strip()}")


def prepare(folder: Path) -> postgres.Launch:
    """Return how to start the server of the copy. Raises ``ReplicaRefused`` if there is none."""
    data, sockets = folder / "data", folder / "socket"
    if not (data / "standby.signal").exists():
        raise ReplicaRefused(f"{folder} holds no replica; make one first: motcua replica create")
    account = postgres.system_account()
    sockets.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        postgres.open_the_way_to(data, sockets)
        os.chown(sockets, account.pw_uid, account.pw_gid)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "hot_standby": "on",
        # The database keeps old rows for as long as a board reads them here, so that no long read is cut off.
        "hot_standby_feedback": "on",
        "timezone": "UTC",
        "log_timezone": "Asia/Ho_Chi_Minh",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return postgres.Launch(
        argv=(str(postgres.programs_folder() / "postgres"), "-D", str(data), *flags),
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
    )


def drop(folder: Path) -> None:
    """Delete the copy and its slot. Raises ``ReplicaRefused`` while it runs."""
    if (folder / "data" / "postmaster.pid").exists() and _answers(folder):
        raise ReplicaRefused(f"The replica in {folder} runs. Stop it first.")
    for part in ("data", "socket"):
        shutil.rmtree(folder / part, ignore_errors=True)
    if postgres.running_pid() is not None:
        _forget_slot(slot_of(folder))


def url_of(folder: Path) -> str:
    """Return the address under which the site reads the copy."""
    return f"postgresql://motcua_app@/motcua?host={quote(str(folder / 'socket'))}"


def slot_of(folder: Path) -> str:
    """Return the name under which the database keeps what this copy has yet to fetch."""
    return f"motcua_{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"


def _forget_slot(slot: str) -> None:
    with psycopg.connect(environment.embedded_url("postgres", "postgres"), autocommit=True) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s", [slot]
        ).fetchone()
        if known is not None:
            connection.execute(sql.SQL("SELECT pg_drop_replication_slot({})").format(sql.Literal(slot)))


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(url_of(folder), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _become(launch: postgres.Launch) -> NoReturn:
    """Turn into the server, with nothing of our environment; whoever keeps this command keeps the server itself."""
    if launch.user is not None and launch.group is not None:
        os.setgroups([])
        os.setgid(launch.group)
        os.setuid(launch.user)
    os.chdir("/")
    os.execve(launch.argv[0], launch.argv, {"PATH": os.environ.get("PATH", ""), "TZ": "UTC"})  # noqa: S606


def _told(act: Callable[[], None], done: str) -> int:
    try:
        act()
    except ReplicaRefused as refusal:
        sys.stderr.write(f"motcua: {refusal}\n")
        return 2
    sys.stderr.write(f"{done}\n")
    return 0
