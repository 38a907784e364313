"""``motcua serve``: the whole installation in the foreground, from the database to the web processes."""

import argparse
import contextlib
import http
import http.client
import ipaddress
import os
import socket
import sys
import time
from urllib.parse import urlsplit

from motcua.site import database, environment, keys, postgres, prepared
from motcua.site.programs import (
    Program,
    bank_simulator,
    database_program,
    identity_simulator,
    web_program,
    worker_program,
)
from motcua.site.supervisor import Supervisor, say

READY_WITHIN_SECONDS = 90.0
BACKLOG = 1024


class StartRefused(Exception):
    """The site would start in a way that harms somebody."""


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
    _set_environment(args)
    refuse_unsafe_start(host=args.host, site_url=os.environ["MOTCUA_SITE_URL"], demo=environment.is_demo())
    keys.refuse_weak(keys.session_key(environment.secrets_dir()))
    if environment.is_demo():
        # Only tried: the simulator opens it later. Without it nobody could sign in, and the reason would be far away.
        _listen("127.0.0.1", args.identity_port, option="--identity-port").close()
    supervisor = Supervisor(environment.data_dir() / "run" / "programs.json")
    supervisor.listen_for_signals()
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(_listen(args.host, args.port))
        claim = None
        if environment.uses_embedded_database():
            claim = stack.enter_context(postgres.data_folder_of_one_supervisor())
        stack.callback(supervisor.stop)
        return _serve(supervisor, args, listener, claim)


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


def _listen(host: str, port: int, *, option: str = "--port") -> socket.socket:
    """Open the socket that all web processes share, so that requests wait in it while one is replaced."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StartRefused(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another {option}."
        ) from error
    listener.setblocking(False)
    return listener


def _serve(
    supervisor: Supervisor, args: argparse.Namespace, listener: socket.socket, claim: int | None
) -> int:
    if claim is not None:
        say("serve", "starting PostgreSQL")
        supervisor.start([database_program(postgres.prepare_cluster())])
        if not wait_for_database(supervisor):
            return 0
        database.prepare_embedded_roles()
        postgres.share_claim(claim)
    if not prepared.is_prepared(args.people):
        for name, words in _preparations(args.people):
            say("serve", name)
            status = supervisor.run_once(Program(name=words[0], argv=(*_MOTCUA, *words)))
            if supervisor.stopping.is_set():
                return 0
            if status != 0:
                say("serve", f"{name}: failed with {status}; see the lines above")
                return 1
        prepared.note_prepared(args.people)
    simulators = _simulators(args) if environment.is_demo() else []
    web = [web_program(number + 1, listener.fileno()) for number in range(args.workers)]
    # Queued from now on and answered as soon as the first process is up.
    listener.listen(BACKLOG)
    supervisor.start([*simulators, worker_program(), *web])
    if not _wait_until_ready(supervisor, args.host, args.port):
        return 0 if supervisor.stopping.is_set() else 1
    _announce(supervisor)
    supervisor.keep_until_stopped()
    return 0


def _simulators(args: argparse.Namespace) -> list[Program]:
    """Return the stand-ins of the demo; without its bank the demo runs, with a word on what is missing."""
    simulators = [identity_simulator(args.identity_port)]
    try:
        _listen("127.0.0.1", args.bank_port).close()
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


def wait_for_database(supervisor: Supervisor) -> bool:
    """Return True once PostgreSQL answers, False when asked to stop; raises ``ServerNotStarted``.

    It is started again if it ends meanwhile: in the first moments after a ``kill -9`` of everything the process
    before it is not yet buried, and PostgreSQL then refuses its files.
    """
    deadline = time.monotonic() + postgres.START_WITHIN_SECONDS
    while not supervisor.stopping.is_set():
        try:
            postgres.wait_until_ready(within_seconds=0)
        except postgres.ServerNotStarted:
            if time.monotonic() > deadline:
                raise
            supervisor.keep_for(0.1)
        else:
            return True
    return False


def _wait_until_ready(supervisor: Supervisor, host: str, port: int) -> bool:
    # The address asked is our own, but the name that the site answers to may be another.
    headers = {"Host": urlsplit(os.environ["MOTCUA_SITE_URL"]).netloc}
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping.is_set():
        question = http.client.HTTPConnection(host, port, timeout=10)
        try:
            question.request("GET", "/readyz", headers=headers)
            if question.getresponse().status == http.HTTPStatus.OK:
                return True
        except (OSError, http.client.HTTPException):
            supervisor.keep_for(0.3)
        finally:
            question.close()
    if not supervisor.stopping.is_set():
        say("serve", f"the site did not become ready in {READY_WITHIN_SECONDS:.0f} s; see the lines above")
    return False


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
