"""``motcua serve``: the whole installation in the foreground, from the database to the web processes."""

import argparse
import contextlib
import ipaddress
import os
import socket
import sys
from urllib.parse import urlsplit

from motcua.site import database, environment, keys, postgres, prepared
from motcua.site.programs import (
    Gate,
    Program,
    bank_simulator,
    database_program,
    identity_simulator,
    web_program,
    worker_program,
)
from motcua.site.starting import (
    BURIED_WITHIN_SECONDS,
    Course,
    StartRefused,
    listen,
    only_supervisor,
    open_to_requests,
    refusing_unwritable,
    wait_for_database,
    wait_until_ready,
)
from motcua.site.supervisor import Supervisor, say

BACKLOG = 1024


def add_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``serve``."""
    serve = subparsers.add_parser("serve", help="run everything in the foreground; Ctrl-C stops it")
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: only this machine)"
    )
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2, help="web processes (default: 2)")
    serve.add_argument("--demo", action="store_true", help="the demo city, with sample people anyone may be")
    serve.add_argument("--people", type=int, default=20_000, help="how many people live in the demo city")
    serve.add_argument("--identity-port", type=int, default=8001, help="port of the demo's identity provider")
    serve.add_argument(
        "--bank-port", type=int, default=8002, help="port of the demo's bank; left out if another has it"
    )
    serve.set_defaults(run=run_serve, needs_database=False)


def run_serve(args: argparse.Namespace) -> int:
    """Start, keep and stop the installation. Raises ``StartRefused`` before anything is touched."""
    course = Course()
    _set_environment(args)
    refuse_unsafe_start(host=args.host, site_url=os.environ["MOTCUA_SITE_URL"], demo=environment.is_demo())
    state = environment.data_dir() / "run" / "programs.json"
    supervisor = Supervisor(state)
    supervisor.listen_for_signals()
    with contextlib.ExitStack() as stack:
        with refusing_unwritable():
            stack.enter_context(only_supervisor(state.parent))
            keys.refuse_weak(keys.session_key(environment.secrets_dir()))
        # Left by a site that was killed: what held its ports may still be on its way out.
        patience = BURIED_WITHIN_SECONDS if state.exists() else 0.0
        if environment.is_demo():
            # Only tried: the simulator opens it later. Without it nobody could sign in, and the reason would be far
            # away.
            listen("127.0.0.1", args.identity_port, option="--identity-port", buried_within=patience).close()
        listener = stack.enter_context(listen(args.host, args.port, buried_within=patience))
        claim = None
        if environment.uses_embedded_database():
            with refusing_unwritable():
                claim = stack.enter_context(postgres.data_folder_of_one_supervisor())
        stack.callback(supervisor.stop)
        return _serve(supervisor, args, listener, claim, course)


def _set_environment(args: argparse.Namespace) -> None:
    """Let every program see the same choices."""
    if args.demo:
        os.environ["MOTCUA_DEMO"] = "1"
    host = f"[{args.host}]" if ":" in args.host else args.host
    os.environ.setdefault("MOTCUA_SITE_URL", f"http://{host}:{args.port}")
    if environment.is_demo():
        os.environ.setdefault("MOTCUA_OIDC_ISSUER", f"http://127.0.0.1:{args.identity_port}")


def refuse_unsafe_start(*, host: str, site_url: str, demo: bool) -> None:
    """Raise ``StartRefused`` for a demo that others could reach, or a site whose cookies would travel in clear."""
    if demo and not _is_loopback(host):
        raise StartRefused(
            f"The demo has accounts that anyone may use, so it listens only on this machine, not on {host}. "
            "Leave --host out, or run without --demo."
        )
    address = urlsplit(site_url)
    if address.scheme != "https" and not _is_loopback(address.hostname or ""):
        raise StartRefused(
            f"MOTCUA_SITE_URL is {site_url}: people would send their data in clear. Give the https address of the site."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _serve(
    supervisor: Supervisor,
    args: argparse.Namespace,
    listener: socket.socket,
    claim: int | None,
    course: Course,
) -> int:
    """Bring up what answers, then the rest: on a crowded machine each program more delays the first answer."""
    unchanged = prepared.is_program_as_noted(args.people)
    gate = Gate()
    first = web_program(1, listener.fileno(), gate)
    if claim is not None:
        say("serve", "starting PostgreSQL")
        with refusing_unwritable():
            launch = postgres.prepare_cluster()
        supervisor.start([database_program(launch)])
    if unchanged:
        # Loads the site while PostgreSQL reads its log.
        supervisor.start([first])
    if claim is not None:
        if not wait_for_database(supervisor):
            return 0
        database.prepare_embedded_roles()
        postgres.share_claim(claim)
    course.reached("database")
    if not (unchanged and prepared.is_database_as_noted()):
        status = _prepare(supervisor, args.people)
        if status is not None:
            return status
        course.reached("preparation")
    # Queued from now on and answered as soon as the first process is up.
    open_to_requests(listener, BACKLOG)
    gate.open()
    if not unchanged:
        supervisor.start([first])
    others = [web_program(number, listener.fileno()) for number in range(2, args.workers + 1)]
    supervisor.hold([*others, worker_program(), *(_simulators(args) if environment.is_demo() else [])])
    if not wait_until_ready(supervisor, args.host, args.port, first=first.name):
        return 0 if supervisor.stopping.is_set() else 1
    course.reached("first web process")
    say("serve", f"answering {course.in_words(supervisor.cpu_seconds())}")
    _announce(supervisor)
    if environment.is_demo() and not prepared.is_of_today():
        say("serve", "a new day: the demo city is brought up to it while it serves")
        _prepare(supervisor, args.people)
    supervisor.keep_until_stopped()
    return 0


def _prepare(supervisor: Supervisor, people: int) -> int | None:
    """Bring everything up to date and remember it; return the status to end with if that is not done."""
    for name, words in _preparations(people):
        say("serve", name)
        status = supervisor.run_once(Program(name=words[0], argv=(*_MOTCUA, *words)))
        if supervisor.stopping.is_set():
            return 0
        if status != 0:
            say("serve", f"{name}: failed with {status}; see the lines above")
            return 1
    if not prepared.note_prepared(people):
        say("serve", "cannot note that all is prepared (is the disk full?): the next start prepares again")
    return None


def _simulators(args: argparse.Namespace) -> list[Program]:
    """Return the stand-ins of the demo; without its bank the demo runs, with a word on what is missing."""
    simulators = [identity_simulator(args.identity_port)]
    try:
        listen("127.0.0.1", args.bank_port).close()
    except StartRefused:
        say("serve", f"port {args.bank_port} is taken: no simulated bank (choose another --bank-port)")
        return simulators
    return [*simulators, bank_simulator(args.bank_port)]


_MOTCUA = (sys.executable, "-m", "motcua.site.commands")


def _preparations(people: int) -> list[tuple[str, tuple[str, ...]]]:
    steps: list[tuple[str, tuple[str, ...]]] = [("bringing the database up to date", ("migrate", "--quiet"))]
    if environment.is_demo():
        steps.append(
            (
                "preparing the demo city (some minutes the first time)",
                ("demo", "prepare", "--people", str(people)),
            )
        )
    return steps


def _announce(supervisor: Supervisor) -> None:
    """Say where the site is and, in the demo, as whom to look at it."""
    site = os.environ["MOTCUA_SITE_URL"]
    say("serve", f"ready: {site}/ (citizens)  {site}/desk/ (officers)  {site}/operations/ (board)")
    say(
        "serve",
        f"       {site}/scanner/ (inspectors)  {site}/teams/ (digital teams)  {site}/api/openapi.json (machines)"
        f"  {site}/readyz (health)",
    )
    if environment.is_demo():
        supervisor.run_once(Program(name="accounts", argv=(*_MOTCUA, "demo", "accounts")))
    say("serve", "Ctrl-C stops everything")
