"""Preparing the demo city; every step finds what is there and adds what is missing."""

import json
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from motcua.agencies.queries import place_at, places_now
from motcua.agencies.services import load_places
from motcua.cases.models import Case
from motcua.credentials.services import ensure_keys, publish_keys, publish_status_list
from motcua.events.services import create_months
from motcua.identity.models import Account
from motcua.packs.services import install_pack, was_replaced
from motcua.registers.declaration import read_declaration
from motcua.registers.files import sha256_of
from motcua.registers.queries import registers
from motcua.registers.services import declare, load_csv
from motcua.registers.services.loading import LoadReport
from motcua.site.demo.accounts import citizen_account, open_officers, open_token, refuse_outside_demo
from motcua.site.demo.archived import file_archive, since
from motcua.site.demo.city import HEADERS, make_city
from motcua.site.demo.halls import open_halls
from motcua.site.demo.history import DAYS, SUBMISSIONS, file_history
from motcua.site.demo.law import draft_next_law, install_first_law, places_with_color
from motcua.site.demo.money import open_bank_accounts
from motcua.site.demo.offices import open_offices
from motcua.site.demo.signing import open_signing

# Who writes the next directive of the demo; a second leader confirms it.
LEADER = "lanhdao"
DECLARATIONS = Path(__file__).parent / "registers"
# The services that come with the source; an installation names its own with `motcua packs install`.
PACKS = Path(__file__).resolve().parents[4] / "packs"
# How old the data of each register are when they arrive, as in life.
_DELIVERED_AFTER = {
    "population": timedelta(days=2),
    "social_insurance": timedelta(days=9),
    "businesses": timedelta(days=1),
    "vaccinations": timedelta(days=1),
    "tests": timedelta(hours=12),
    "health_declarations": timedelta(hours=1),
    "social_protection": timedelta(days=6),
}
# What the requests of the past asked; the others are loaded once, as of today.
_ASKED_IN_THE_PAST = ("population", "social_insurance", "businesses")


def folder() -> Path:
    """Return where the demo keeps its files."""
    return Path(settings.DATA_DIR) / "demo"


def prepare(
    *,
    now: datetime,
    people: int = 20_000,
    seed: int = 2021,
    submissions: int = SUBMISSIONS,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Make the demo city or bring it up to date; needs the owner role. Raises ``NotADemo``.

    A second run on the same day changes nothing but what scanners carry, which is published anew.
    """
    refuse_outside_demo()
    began = now - timedelta(days=DAYS + 1)
    say("places and offices")
    today = timezone.localtime(now).date()
    if not places_now(today):
        load_places(now=now)
    open_offices(on=today, now=began)
    fresh = not Case.objects.exists()
    say(f"{people} people who do not exist, and what registers know of them")
    _make_city(people, seed, today)
    _declare(now=began)
    create_months(now=began)
    install_first_law(folder() / "zones.csv", since=began, now=now)
    say(_law_in_words(places_with_color(now)))
    if fresh:
        _load(_ASKED_IN_THE_PAST, now=began)
    else:
        _load(now=now)
    say("services, keys and accounts")
    for pack in sorted(PACKS.glob("*/pack.yaml")):
        # What a designer has put in force since stays in force when the demo starts again.
        if not was_replaced(pack.parent):
            install_pack(path=pack.parent, now=began if fresh else now)
    ensure_keys(now=began)
    samples = json.loads((folder() / "people.json").read_text(encoding="utf-8"))
    places = _places_of_officers(today)
    open_officers(folder(), places=places, valid_from=since(now), now=began)
    draft_next_law(author=Account.objects.get(login=LEADER).pk, now=now)
    for sample in samples:
        account = citizen_account(sample, now=began)
        if sample is samples[0]:
            open_token(folder(), login=account.login, now=now)
    if fresh:
        archived = file_archive(folder(), now=now)
        say(f"{archived} cases of earlier years, ended and in the archive")
        say(f"what happened in the last {DAYS} days")
        filed = file_history(folder(), now=now, seed=seed, count=submissions, say=say)
        say(f"{filed} requests filed, decided, some objected to, some revoked")
        _load(now=now)
    open_bank_accounts(folder(), now=now)
    open_halls(places, now=now)
    open_signing(now=now)
    publish_keys(now=now)
    publish_status_list(now=now)


def _law_in_words(colored: int) -> str:
    if colored:
        return f"the law in force sets the color of {colored} places"
    return (
        "NO LAW IN FORCE SETS THE COLOR OF ANY PLACE, so that every travel pass goes to a person: put a directive with"
        " zones.color in force at /operations/directives/, or begin anew with another MOTCUA_DATA_DIR"
    )


def load_city(files: Path, *, now: datetime) -> Iterator[LoadReport]:
    """Declare the registers of the city and load those files, one after another; needs the owner role.

    Raises ``NotADemo`` and ``FileRefused``. Takes about a minute for each million records.
    """
    refuse_outside_demo()
    if not places_now(timezone.localtime(now).date()):
        load_places(now=now)
    _declare(now=now)
    create_months(now=now)
    install_first_law(files / "zones.csv", since=now - timedelta(days=DAYS + 1), now=now)
    for register, age in _DELIVERED_AFTER.items():
        yield load_csv(register=register, path=files / f"{register}.csv", as_of=now - age, now=now)


def _make_city(people: int, seed: int, today: date) -> None:
    """Write the files unless they are there for the same city on the same day."""
    manifest = folder() / "city.json"
    wanted = {"people": people, "seed": seed, "today": today.isoformat()}
    if manifest.exists():
        found = json.loads(manifest.read_text(encoding="utf-8"))
        # A city made before a register was added has no file for it.
        if all(found.get(name) == value for name, value in wanted.items()) and set(found["rows"]) == set(
            HEADERS
        ):
            return
    make_city(folder(), today=today, people=people, seed=seed)


def _declare(*, now: datetime) -> None:
    for path in sorted(DECLARATIONS.glob("*.yaml")):
        declare(read_declaration(path), now=now)


def _load(names: Collection[str] = tuple(_DELIVERED_AFTER), *, now: datetime) -> None:
    """Load each of the registers whose file is new, or whose data would soon be a day older than they are in life."""
    standing = {view.name: view for view in registers()}
    for register in names:
        age = _DELIVERED_AFTER[register]
        path, view = folder() / f"{register}.csv", standing[register]
        same = view.sha256 == sha256_of(path)
        if not same or view.as_of is None or now - view.as_of > age + timedelta(days=1):
            load_csv(register=register, path=path, as_of=now - age, now=now)


def _places_of_officers(today: date) -> dict[str, str]:
    """Return the paths of the two wards that most sample people live in."""
    samples = json.loads((folder() / "samples.json").read_text(encoding="utf-8"))
    homes = [sample["place"] for sample in samples]
    first, second, *_ = sorted(set(homes), key=lambda code: (-homes.count(code), code))
    return {"first": place_at(first, today).path, "second": place_at(second, today).path}
