"""Sharing by a link that ends: what it opens, how it ends, and what its owner sees of it."""

import uuid
from datetime import datetime, timedelta

import pytest
from papers import pdf

from motcua.identity.models import Account
from motcua.registers.queries import accesses_of
from motcua.vault.models import Share
from motcua.vault.queries import shares_of
from motcua.vault.services import (
    LinkNotOpen,
    NewShare,
    ShareRefused,
    keep_upload,
    open_share,
    read_shared,
    revoke_share,
    share_papers,
)
from motcua.vault.services.share import look_at_share

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(binh: Account, now: datetime) -> uuid.UUID:
    return keep_upload(
        person_id=binh.person_id or 0,
        kind="diploma",
        title="Bằng tốt nghiệp",
        file_name="a.pdf",
        content=pdf(),
        now=now,
        today=now.date(),
    ).id


def share(account: Account, paper: uuid.UUID, now: datetime, **changes: object) -> NewShare:
    wanted: dict[str, object] = {
        "paper_ids": [paper],
        "for_whom": "Trường Phan Châu Trinh",
        "purpose": "nhập học",
        "until_at": now + timedelta(days=7),
        "one_time": False,
        **changes,
    }
    return share_papers(person_id=account.person_id or 0, account_id=account.pk, now=now, **wanted)  # type: ignore[arg-type]


def looks_at(account: Account) -> list[tuple[str, str, tuple[str, ...]]]:
    assert account.person is not None
    return [
        (look.asker_kind, look.asker_label, look.columns) for look in accesses_of(bytes(account.person.key))
    ]


def test_link_opens_the_papers_and_the_owner_sees_each_reading(
    binh: Account, paper: uuid.UUID, now: datetime
) -> None:
    made = share(binh, paper, now)

    before = look_at_share(token=made.token, now=now)
    opened = open_share(token=made.token, now=now)
    read = read_shared(ticket=opened.ticket, paper_id=paper, now=now)

    assert (before.owner, before.for_whom, before.papers) == ("Trần Thị Bình", "Trường Phan Châu Trinh", ())
    assert [each.title for each in opened.papers] == ["Bằng tốt nghiệp"]
    assert read.content == pdf()
    assert looks_at(binh) == [
        ("link", "Trường Phan Châu Trinh", ("nhập học", "Bằng tốt nghiệp")),
        ("link", "Trường Phan Châu Trinh", ("nhập học", "Bằng tốt nghiệp")),
    ]


def test_of_the_link_only_a_hash_is_kept(binh: Account, paper: uuid.UUID, now: datetime) -> None:
    made = share(binh, paper, now)

    assert made.token not in str(Share.objects.values().get())


def test_link_for_once_opens_once(binh: Account, paper: uuid.UUID, now: datetime) -> None:
    made = share(binh, paper, now, one_time=True)
    look_at_share(token=made.token, now=now)
    opened = open_share(token=made.token, now=now)

    with pytest.raises(LinkNotOpen):
        open_share(token=made.token, now=now)

    assert read_shared(ticket=opened.ticket, paper_id=paper, now=now).content == pdf()
    assert len(looks_at(binh)) == 2


def test_link_that_is_over_revoked_or_wrong_gives_nothing_and_notes_nothing(
    binh: Account, paper: uuid.UUID, now: datetime
) -> None:
    over, revoked = share(binh, paper, now), share(binh, paper, now)
    revoke_share(share_id=revoked.id, person_id=binh.person_id or 0, now=now)

    for token, at in (
        (over.token, now + timedelta(days=7)),
        (revoked.token, now),
        (over.token[:-1] + ("A" if over.token[-1] != "A" else "B"), now),
        ("", now),
        ("x" * 43 + "é", now),
    ):
        with pytest.raises(LinkNotOpen):
            open_share(token=token, now=at)

    assert looks_at(binh) == []
    assert [each.stands for each in shares_of(binh.person_id or 0, now=now)].count(True) == 1


def test_revoking_ends_what_was_opened_before(binh: Account, paper: uuid.UUID, now: datetime) -> None:
    made = share(binh, paper, now)
    opened = open_share(token=made.token, now=now)
    revoke_share(share_id=made.id, person_id=binh.person_id or 0, now=now)

    with pytest.raises(LinkNotOpen):
        read_shared(ticket=opened.ticket, paper_id=paper, now=now)


def test_ticket_of_one_share_opens_no_other_paper(
    binh: Account, an: Account, paper: uuid.UUID, now: datetime
) -> None:
    other = keep_upload(
        person_id=binh.person_id or 0,
        kind="other",
        title="",
        file_name="b.pdf",
        content=pdf(pages=3),
        now=now,
        today=now.date(),
    )
    opened = open_share(token=share(binh, paper, now).token, now=now)

    for ticket, wanted in ((opened.ticket, other.id), (opened.ticket + "x", paper), ("", paper)):
        with pytest.raises(LinkNotOpen):
            read_shared(ticket=ticket, paper_id=wanted, now=now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"paper_ids": []}, "papers"),
        ({"paper_ids": [uuid.uuid4()]}, "papers"),
        ({"for_whom": "  "}, "for_whom"),
        ({"for_whom": "a" * 121}, "for_whom"),
        ({"purpose": ""}, "purpose"),
        ({"until_at": timedelta(days=30, seconds=1)}, "until"),
        ({"until_at": timedelta(0)}, "until"),
    ],
)
def test_share_says_what_to_mend_and_makes_no_link(
    binh: Account, paper: uuid.UUID, now: datetime, changes: dict[str, object], field: str
) -> None:
    until = changes.get("until_at")
    if isinstance(until, timedelta):
        changes = {**changes, "until_at": now + until}

    with pytest.raises(ShareRefused) as refusal:
        share(binh, paper, now, **changes)

    assert refusal.value.field == field
    assert not Share.objects.exists()


def test_nobody_shares_the_papers_of_another(an: Account, paper: uuid.UUID, now: datetime) -> None:
    with pytest.raises(ShareRefused):
        share(an, paper, now)

    assert not Share.objects.exists()


def test_nobody_revokes_the_share_of_another(
    binh: Account, an: Account, paper: uuid.UUID, now: datetime
) -> None:
    made = share(binh, paper, now)

    with pytest.raises(LinkNotOpen):
        revoke_share(share_id=made.id, person_id=an.person_id or 0, now=now)

    assert open_share(token=made.token, now=now).papers
