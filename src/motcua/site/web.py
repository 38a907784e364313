"""One web process: answers HTTP on a socket that the supervisor holds open.

The supervisor keeps the socket, so that a killed web process loses the requests in its hands but not those that
wait; they are answered by the other processes or by the one that replaces it.
"""

import argparse
import gc
import os
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Loops, RuntimeModes, TaskImpl
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

if TYPE_CHECKING:
    from motcua.site.front import Front

# Python threads per process, each with one connection to the database.
THREADS = 8
BACKLOG = 1024
# Objects made since the last look: a batch of requests makes some ten thousand, nearly all without circles.
GARBAGE_AFTER = 20_000
MOST_CONNECTIONS = 1024
SLOWEST_HEADER_MS = 15_000


def serve(*, socket_fd: int, threads: int, number: int) -> None:
    """Answer until told to stop by SIGTERM or SIGINT; requests in hand are finished first.

    granian would start a master process that opens its own socket and dies without replacing its workers;
    here the supervisor is that master, so its worker function is called directly.
    """
    MPServer._spawn_rsgi_worker(
        1,  # worker_id
        None,  # process_name
        partial(_front, threads, number),
        ((None, SocketHolder(socket_fd, False, BACKLOG)), None),  # type: ignore[call-arg]  # its stub lacks them
        None,  # ipc: only for granian's own metrics
        Loops.uvloop,
        True,  # log_enabled
        LogLevels.warning,
        None,  # log_config
        (),  # env_files
        RuntimeModes.mt,
        1,  # runtime_threads
        512,  # runtime_blocking_threads
        1,  # blocking_threads: the front has its own
        30,  # blocking_threads_idle_timeout, seconds
        MOST_CONNECTIONS,  # backpressure: more wait in the socket's queue, where another process may take them
        TaskImpl.asyncio,
        HTTPModes.http1,
        HTTP1Settings(header_read_timeout=SLOWEST_HEADER_MS),
        None,  # http2_settings
        False,  # websockets
        None,  # static_path: whitenoise serves them
        None,  # log_access_fmt: our own line is in site/middleware.py
        (False, None, None, None, "tls1.3", None, [], False),
        {"url_path_prefix": None},
        (None, None),
    )
    from motcua.cases.intake import stop_intake

    # What was accepted is filed before the process ends.
    stop_intake()


def _front(threads: int, number: int) -> "Front":
    """Set the site up; called once the process has its signals and its loop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
    from motcua.site import environment
    from motcua.site.balance import Balance
    from motcua.site.front import make_front

    front = make_front(threads, Balance(environment.data_dir() / "run" / "in-hand", number))
    from motcua.cases.intake import start_intake

    start_intake()
    look_for_garbage_seldom()
    return front


def wait_at(gate_fd: int) -> None:
    """Load the site, which needs no database, while there is none; return when the supervisor lets us serve."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.site.settings")
    for module in ("motcua.site.wsgi", "motcua.site.front", "motcua.site.readers.table"):
        import_module(module)
    os.read(gate_fd, 1)


def look_for_garbage_seldom() -> None:
    """Keep what is here now: to look through all of it again and again would take a fiftieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 10, 10)
    gc.enable()


def main() -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="One web process of motcua; started by `motcua serve`.")
    parser.add_argument("--socket-fd", type=int, required=True)
    parser.add_argument("--gate-fd", type=int, help="serve when nobody holds the other end of this pipe")
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--number", type=int, default=0, help="another for each process of the socket")
    args = parser.parse_args()
    # While everything is loaded nothing becomes garbage, and to look for it takes a fifth of the time.
    gc.disable()
    if args.gate_fd is not None:
        wait_at(args.gate_fd)
    serve(socket_fd=args.socket_fd, threads=args.threads, number=args.number)
    return 0


if __name__ == "__main__":
    sys.exit(main())
