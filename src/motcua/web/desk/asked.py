"""What an address asks of the queue: the filter, the page, and the filter again as an address to share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from motcua.cases.queues import Cursor, Hands, QueueFilter
from motcua.web.desk.choices import CLOCKS, WHYS

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
PATH = re.compile(r"[A-Za-z0-9_]{1,40}(\.[A-Za-z0-9_]{1,40}){0,7}")
# Whose hands: one's own, nobody's, or those of an account.
HAND = re.compile(r"mine|nobody|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter as it stands in the address; ``hand`` is ``mine``, ``nobody``, an account or empty."""

    chosen: QueueFilter
    hand: str = ""
    after: Cursor | None = None
    before: Cursor | None = None

    def filter_for(self, mine: tuple[int, ...]) -> QueueFilter:
        """Return the filter for an officer whose own cases are those of these accounts."""
        if not self.hand:
            return self.chosen
        if self.hand == "nobody":
            return _with_hands(self.chosen, "nobody")
        return _with_hands(self.chosen, mine if self.hand == "mine" else (int(self.hand),))

    @property
    def query(self) -> dict[str, str]:
        """Return the filter as it stands in the address."""
        given = {
            "why": self.chosen.why or "",
            "service": self.chosen.procedure,
            "place": self.chosen.place_path,
            "office": self.chosen.agency_path,
            "clock": self.chosen.clock or "",
            "hand": self.hand,
        }
        return {name: value for name, value in given.items() if value}

    @property
    def query_text(self) -> str:
        """Return the filter as part of an address, in one order always."""
        return urlencode(self.query)

    @property
    def first_page(self) -> str:
        """Return the address of the first page of this filter."""
        return f"?{self.query_text or 'all=1'}"

    def address(self, more: Mapping[str, str]) -> str:
        """Return the address of this filter with something beside it."""
        return f"?{urlencode({**self.query, **more})}"


def _with_hands(chosen: QueueFilter, hands: Hands) -> QueueFilter:
    return replace(chosen, hands=hands)


def asked_for(sent: Mapping[str, str]) -> Asked:
    """Read the filter from the address; what is not a possible value asks for nothing."""
    why, service, place, office = (sent.get(name, "") for name in ("why", "service", "place", "office"))
    says, hand = sent.get("clock", ""), sent.get("hand", "")
    chosen = QueueFilter(
        why=next((each for each in WHYS if each == why), None),
        clock=next((each for each in CLOCKS if each == says), None),
        procedure=service if NAME.fullmatch(service) else "",
        place_path=place if PATH.fullmatch(place) else "",
        agency_path=office if PATH.fullmatch(office) else "",
    )
    return Asked(
        chosen,
        hand if HAND.fullmatch(hand) else "",
        Cursor.read(sent.get("after", "")),
        Cursor.read(sent.get("before", "")),
    )
