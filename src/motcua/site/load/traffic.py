"""What is sent: requests ready as bytes, chosen by a mix of routes."""

import itertools
import json
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from motcua.site.load.senders import Sender, Senders

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
ROUTES = ("submit", "status", "home", "service", "keys", "status_list", "published", "verify")
# What a day looks like when people also read: for each request filed, several look after theirs.
MIXED = {"submit": 20, "status": 35, "home": 15, "service": 15, "keys": 5, "status_list": 5, "verify": 5}
WRITING = {"submit": 1}
_KEPT_REFERENCES = 5000


class MixNotReadable(ValueError):
    """``--mix`` is not a list of routes with weights."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as bytes; ``key`` is its idempotency key, empty for reading."""

    route: str
    tenant: str
    wire: bytes
    key: str


def read_mix(text: str) -> dict[str, int]:
    """Read ``submit=20,status=80``; raises ``MixNotReadable``."""
    mix: dict[str, int] = {}
    for part in text.split(","):
        route, sign, weight = part.strip().partition("=")
        if route not in ROUTES or not sign or not weight.isascii() or not weight.isdigit() or route in mix:
            raise MixNotReadable(
                f"--mix {part.strip()!r}: give each route once with a whole weight, such as submit=20,status=80"
                f" (routes: {', '.join(ROUTES)})"
            )
        mix[route] = int(weight)
    if not sum(mix.values()):
        raise MixNotReadable("--mix: all weights are nought, so nothing would be sent")
    return mix


class Traffic:
    """Chooses and writes requests; remembers what was filed, so that it can be asked for."""

    def __init__(
        self, senders: Senders, *, host: str, mix: Mapping[str, int], now: datetime, choose: Random
    ) -> None:
        self._senders, self._choose = senders, choose
        self._routes, self._weights = list(mix), list(mix.values())
        # Whether some of the traffic asks for what was filed before.
        self.asks = not {"status", "verify"}.isdisjoint(self._routes)
        self._only = self._routes[0] if len(self._routes) == 1 else ""
        self._host, self._run, self._order = host, uuid.uuid4().hex, itertools.count(1)
        self._procedure = senders.procedure
        tomorrow = (now.astimezone(LOCAL).date() + timedelta(days=1)).isoformat()
        self._bodies = {sender.tenant: self._body(sender, tomorrow) for sender in senders.senders}
        self._references: deque[tuple[Sender, str]] = deque(maxlen=_KEPT_REFERENCES)
        self._texts: deque[str] = deque(maxlen=_KEPT_REFERENCES)
        self._by_tenant = {sender.tenant: sender for sender in senders.senders}

    @property
    def heavy(self) -> str:
        """The tenant that can be made to send more than all others."""
        return self._senders.senders[0].tenant

    def first(self) -> Request:
        """Return a submission, to be asked about later."""
        return self._submission(self._choose.choice(self._senders.senders))

    def next(self, *, heavy: bool | None = None) -> Request:
        """Return the next request: of the heavy tenant, of any of the others, or of anyone.

        Until something is filed, what would ask for it is a submission.
        """
        senders = self._senders.senders
        first = 0 if heavy is None or len(senders) == 1 else 1
        sender = senders[0] if heavy else senders[self._choose.randrange(first, len(senders))]
        route = self._only or self._choose.choices(self._routes, self._weights)[0]
        if (route == "status" and not self._references) or (route == "verify" and not self._texts):
            route = "submit"
        match route:
            case "submit":
                return self._submission(sender)
            case "status":
                owner, reference = self._choose.choice(self._references)
                path = f"/api/submissions/{reference}"
                return Request(route, owner.tenant, self._get(path, owner.token), "")
            case "verify":
                return Request(route, sender.tenant, self._verification(self._choose.choice(self._texts)), "")
            case _:
                return Request(route, sender.tenant, self._get(self._page(route)), "")

    def note(self, request: Request, status: int, body: bytes) -> None:
        """Remember what was filed, if it is asked for later."""
        if not self.asks or request.route != "submit" or status not in (200, 201):
            return
        answer = json.loads(body)
        self._references.append((self._by_tenant[request.tenant], str(answer["reference"])))
        if answer.get("qr"):
            self._texts.append(str(answer["qr"]))

    def _page(self, route: str) -> str:
        return {
            "home": "/",
            "service": f"/services/{self._procedure}/",
            "keys": "/keys.json",
            "status_list": "/status-list",
            "published": "/published/newest.json",
        }[route]

    def _body(self, sender: Sender, tomorrow: str) -> bytes:
        values = {name: tomorrow if value == "{tomorrow}" else value for name, value in sender.values.items()}
        body = json.dumps({"procedure": self._procedure, "data": values}, ensure_ascii=False).encode()
        head = (
            f"POST /api/submissions HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {sender.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: "
        )
        # The key is put in between for each request.
        return head.encode() + b"\0\r\n\r\n" + body

    def _submission(self, sender: Sender) -> Request:
        # Never of the seed: the same run a second time files anew.
        key = f"{self._run}-{next(self._order)}"
        wire = self._bodies[sender.tenant].replace(b"\0", key.encode(), 1)
        return Request("submit", sender.tenant, wire, key)

    def _get(self, path: str, token: str = "") -> bytes:
        signed = f"Authorization: Bearer {token}\r\n" if token else ""
        return f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n{signed}\r\n".encode()

    def _verification(self, text: str) -> bytes:
        body = json.dumps({"qr": text}).encode()
        head = (
            f"POST /api/verify HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
