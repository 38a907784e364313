"""A directive that ends by its own date: leaders know a week before, nothing outstanding is decided anew on the day."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from directing import WARD, directive_text, switch
from django.test import Client
from town import NOW, Town, states

from motcua.credentials.models import Credential
from motcua.directives.law import law_at
from motcua.directives.services import confirm, prepare, schedule, tell_ended
from motcua.events.models import LedgerEntry
from motcua.identity.models import Account
from motcua.site.wiring import HANDLERS
from motcua.switching.ending import _counted, endings

# The passes that it gives are good for two weeks, so that those of today outlast it.
UNTIL = NOW + timedelta(days=8)
WARNED = UNTIL - timedelta(days=7)


@pytest.fixture(autouse=True)
def counted_anew() -> Iterator[None]:
    _counted.cache_clear()
    yield
    _counted.cache_clear()


def decree_until(town: Town, number: str = "06/CT-UBND", **changes: str) -> int:
    """Put a directive in force an hour before the others of the town, with an end of its own."""
    text = directive_text(
        number,
        since=(NOW - timedelta(hours=1)).isoformat(),
        until=f'"{UNTIL.isoformat()}"',
        **{"replaces": "[05/CT-UBND]", "parameters": "{zones.color: green, limits.days: 14}", **changes},
    )
    return switch(text, by=town.chair, second=town.deputy, at=NOW - timedelta(hours=1))


def test_a_week_before_leaders_read_how_many_passes_outlast_it(town: Town) -> None:
    decree_until(town)
    town.file_all()

    assert endings(WARNED - timedelta(seconds=1)) == ()
    (ending,) = endings(WARNED)

    assert (ending.number, ending.until, ending.has_ended) == ("06/CT-UBND", UNTIL, False)
    assert Credential.objects.filter(revoked_at__isnull=True, valid_to__gt=UNTIL).count() == 40
    assert ending.passes == 40
    assert (ending.followed_by, ending.leaves_law) == (None, False)


def test_few_passes_are_not_counted_out(town: Town) -> None:
    decree_until(town)
    for at in (0, 3, 6):
        town.file(at)

    (ending,) = endings(WARNED)

    assert ending.passes is None


def test_the_one_that_follows_is_named(town: Town) -> None:
    decree_until(town)
    at = UNTIL - timedelta(hours=1)
    text = directive_text(
        "08/CT-UBND", since=at.isoformat(), replaces="[06/CT-UBND]", parameters="{zones.color: red}"
    )
    directive_id = prepare(text=text, account_id=town.chair, now=NOW)
    run_id = town.try_out(directive_id)
    schedule(directive_id=directive_id, dry_run_id=run_id, at=at, account_id=town.chair, now=NOW)
    assert endings(WARNED)[0].followed_by is None

    confirm(directive_id=directive_id, account_id=town.deputy, now=NOW)

    assert endings(WARNED)[0].followed_by == "08/CT-UBND"


def test_on_the_day_the_law_changes_by_itself_and_passes_keep_their_end(town: Town) -> None:
    decree_until(town)
    town.file_all()
    passes = set(Credential.objects.values_list("text", "valid_to", "revoked_at"))
    before = states()
    after = UNTIL + timedelta(minutes=1)
    assert law_at(UNTIL - timedelta(seconds=1)).value("zones.color", WARD) is not None

    assert tell_ended(now=UNTIL - timedelta(seconds=1)) == []
    assert tell_ended(now=after) == ["06/CT-UBND"]
    assert tell_ended(now=after) == []

    assert law_at(UNTIL).value("zones.color", WARD) is None
    assert set(Credential.objects.values_list("text", "valid_to", "revoked_at")) == passes
    assert states() == before
    assert town.file(0, now=after).state == "desk"
    (told,) = LedgerEntry.objects.filter(name="DirectiveEnded")
    assert (told.subject, told.actor) == ("06/CT-UBND", "machine")
    (ending,) = endings(after)
    assert ending.has_ended
    assert "motcua.cases.following.follow_the_law" in HANDLERS["DirectiveEnded"]


def test_one_that_was_replaced_does_not_end_by_its_date(town: Town) -> None:
    decree_until(town)
    town.decree("08/CT-UBND", "{zones.color: red, limits.days: 7}", at=NOW, replaces="[06/CT-UBND]")

    assert endings(WARNED) == ()
    assert tell_ended(now=UNTIL + timedelta(hours=1)) == []


def test_leaders_are_warned_on_the_board_the_list_and_the_page(town: Town) -> None:
    directive_id = decree_until(town)
    town.file_all()
    browser = Client()
    browser.force_login(Account.objects.get(pk=town.chair))

    with time_machine.travel(WARNED, tick=False):
        pages = [
            browser.get(address).content.decode()
            for address in (
                "/operations/",
                "/operations/directives/",
                f"/operations/directives/{directive_id}/",
            )
        ]

    for page in pages:
        assert "Chỉ thị 06/CT-UBND hết hiệu lực" in page
        assert "Khoảng 40 giấy" in " ".join(page.split()), page.partition("hết hiệu lực")[2][:400]
        assert "Hãy soạn chỉ thị tiếp theo" in page
