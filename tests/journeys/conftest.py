"""A whole demo city, started as a user starts it, and a real Chromium to walk through it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from .watching import Watch

CHROMIUM = os.environ.get("MOTCUA_CHROMIUM") or shutil.which("chromium") or ""
READY_WITHIN_SECONDS = 420
# What a busy machine may need until a page is as it should be; the five seconds usual here are for a quiet one.
expect.set_options(timeout=20_000)
# Without these Chromium looks for servers of its maker, which a closed network refuses many times a second.
ALONE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class City:
    """A running site: where it is, who may sign in, and where its data are."""

    url: str
    accounts: dict[str, Any]
    data: Path
    environment: dict[str, str]
    bank: str
    sessions: dict[str, Any] = field(default_factory=dict)

    def citizen(self, slug: str) -> dict[str, Any]:
        return next(person for person in self.accounts["citizens"]["people"] if person["slug"] == slug)

    def officer(self, login: str) -> dict[str, Any]:
        return next(person for person in self.accounts["officers"]["people"] if person["login"] == login)

    def motcua(self, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "motcua.site.commands", *words],
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def city() -> Iterator[City]:
    """Start a small demo city, or join the one at ``MOTCUA_JOURNEY_URL`` with data in ``MOTCUA_JOURNEY_DATA``."""
    running = os.environ.get("MOTCUA_JOURNEY_URL")
    if running:
        yield join(running, Path(os.environ["MOTCUA_JOURNEY_DATA"]))
    else:
        yield from _started()


def _environment(data: Path, url: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MOTCUA_", "DATABASE_"))
    }
    return {
        **kept,
        "MOTCUA_DATA_DIR": str(data),
        "MOTCUA_SITE_URL": url,
        "MOTCUA_DEMO": "1",
        "MOTCUA_DEMO_REQUESTS": "60",
    }


def join(url: str, data: Path, bank: str = "") -> City:
    """Return the city that runs at the address with these data, and who may sign in there."""
    bank = bank or os.environ.get("MOTCUA_JOURNEY_BANK", "http://127.0.0.1:8002")
    city = City(url, {}, data, _environment(data, url), bank)
    city.accounts.update(json.loads(city.motcua("demo", "accounts", "--json").stdout))
    return city


def _started() -> Iterator[City]:
    # Not pytest's own folder: the path of PostgreSQL's socket may have 107 letters, and its user must reach it.
    data = Path(tempfile.mkdtemp(prefix="motcua-", dir="/tmp"))
    data.chmod(0o755)
    port, identity, bank = _free_port(), _free_port(), _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = _environment(data / "var", url)
    log = (data / "serve.log").open("wb")
    serve = subprocess.Popen(
        [
            *(sys.executable, "-m", "motcua.site.commands", "serve", "--demo", "--people", "2000"),
            *("--port", str(port), "--identity-port", str(identity), "--bank-port", str(bank)),
        ],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait(serve, f"{url}/readyz", data / "serve.log")
        yield join(url, data / "var", f"http://127.0.0.1:{bank}")
    finally:
        serve.terminate()
        assert serve.wait(60) == 0
        log.close()
        shutil.rmtree(data)


def _wait(serve: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until:
        if serve.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                # Answers begin before the worker, the sign-in and the bank run.
                if json.load(answer)["status"] == "ready":
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"the demo city did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ALONE)


@pytest.fixture
def context(browser: Browser, city: City) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=city.url, locale="vi-VN", viewport={"width": 390, "height": 844})
    context.set_default_timeout(20_000)
    watch = Watch(context)
    yield context
    complaints = watch.complaints()
    context.close()
    assert complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def sign_in(page: Page, city: City, slug: str) -> None:
    """Sign a citizen in through the stand-in of the national identity."""
    page.goto("/sign-in/")
    person = city.citizen(slug)
    if page.url.startswith(city.url):
        page.locator("main form button, main a.govuk-button").first.click()
    page.get_by_role("button", name=person["name"]).click()
    page.wait_for_url(f"{city.url}/**")


def sign_in_officer(page: Page, city: City, login: str) -> None:
    """Sign an officer in with password and code, or go on with the session of another journey.

    A code works once, so without that each journey of the same officer would wait half a minute for its own.
    """
    officer = city.officer(login)
    if login in city.sessions:
        page.context.add_cookies([city.sessions[login]])
    for _ in range(3):
        page.goto("/desk/sign-in/")
        if "/sign-in/" not in page.url:
            return
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(officer["password"])
        page.locator("input[name=code]").fill(code_now(officer["totp_secret"]))
        page.locator("main form button[type=submit], main form button").first.click()
        page.wait_for_load_state()
        if "/sign-in/" not in page.url:
            cookies = page.context.cookies()
            city.sessions[login] = next(each for each in cookies if each["name"] == "sessionid")
            return
        time.sleep(31 - time.time() % 30)
    raise AssertionError(page.locator("main").inner_text())


def code_now(secret: str) -> str:
    import base64

    return (
        TOTP(base64.b32decode(secret), 6, SHA1(), 30, enforce_key_length=False)
        .generate(int(time.time()))
        .decode()
    )
