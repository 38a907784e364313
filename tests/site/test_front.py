"""The door of a web process: the table first, Django for the rest, and nothing too long or too slow."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from motcua.site import bridge as bridges
from motcua.site.balance import Balance
from motcua.site.bridge import SHORT_BODY, Bridge, Environ, LongBody
from motcua.site.front import LARGEST_BODY, Front
from motcua.web.ui.direct import Asked, Told, told_json


class Headers:
    """The headers of granian: names in small letters, a name perhaps several times."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = list(pairs)

    def get(self, name: str, default: str | None = None) -> str | None:
        return next((value for key, value in self._pairs if key == name), default)

    def items(self) -> list[tuple[str, str]]:
        return self._pairs


class Protocol:
    """The other side of granian: gives the body, keeps the answer."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = chunks
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.parts: list[bytes] = []

    async def __call__(self) -> bytes:
        return b"".join(self.chunks)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Protocol":
        self.status, self.headers = status, dict(headers)
        return self

    async def send_bytes(self, part: bytes) -> None:
        self.parts.append(part)


def scope(method: str = "GET", path: str = "/", *headers: tuple[str, str], query: str = "") -> Any:
    named = headers if any(name == "host" for name, _ in headers) else (("host", "127.0.0.1:8000"), *headers)
    return SimpleNamespace(
        proto="http",
        http_version="1.1",
        server="127.0.0.1:8000",
        client="192.0.2.7:4321",
        scheme="http",
        method=method,
        path=path,
        query_string=query,
        authority=None,
        headers=Headers(named),
    )


class Application:
    """A WSGI application that says what it saw."""

    def __init__(self) -> None:
        self.seen: list[Environ] = []
        self.bodies: list[bytes] = []
        self.answer: Callable[[], Iterable[bytes]] = lambda: [b"django"]
        self.closed = 0

    def __call__(self, environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
        self.seen.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        start("200 OK", [("Content-Type", "text/plain"), ("X-Frame-Options", "DENY")])
        return self.answer()


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def front(application: Application) -> Iterator[Front]:
    async def echo(asked: Asked) -> Told | None:
        if asked.query == "pass":
            return None
        return told_json(201, {"body": asked.body.decode(), "token": asked.header("authorization")})

    made = Front(application, {("POST", "/echo"): echo}, threads=2)
    application.seen.clear()
    application.bodies.clear()
    yield made
    loop = asyncio.new_event_loop()
    made.__rsgi_del__(loop)
    loop.close()


def knock(front: Front, asked: Any, *chunks: bytes) -> Protocol:
    protocol = Protocol(list(chunks))
    asyncio.run(front.__rsgi__(asked, protocol))
    return protocol


def length(body: bytes) -> tuple[str, str]:
    return "content-length", str(len(body))


def test_address_of_the_table_is_answered_beside_django(front: Front, application: Application) -> None:
    told = knock(front, scope("POST", "/echo", length(b"hello"), ("authorization", "Bearer x")), b"hello")

    assert (told.status, json.loads(told.body)) == (201, {"body": "hello", "token": "Bearer x"})
    assert told.headers["x-frame-options"] == "DENY"
    assert application.seen == []


def test_client_of_a_process_with_too_much_in_hand_is_asked_to_knock_again(
    application: Application, tmp_path: Path
) -> None:
    async def echo(_: Asked) -> Told:
        return told_json(201, {})

    balance = Balance(tmp_path / "in-hand", 1)
    balance._to_close = 1
    front = Front(application, {("POST", "/echo"): echo}, threads=1, balance=balance)

    first, second = (knock(front, scope("POST", "/echo", length(b"x")), b"x") for _ in range(2))

    assert first.headers["connection"] == "close"
    assert "connection" not in second.headers
    assert (first.status, second.status) == (201, 201)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/echo"), ("POST", "/echo/"), ("HEAD", "/"), ("GET", "/a")]
)
def test_everything_else_is_djangos(front: Front, application: Application, method: str, path: str) -> None:
    told = knock(front, scope(method, path, query="a=1"))

    assert (told.status, told.body) == (200, b"django")
    seen = application.seen[0]
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["QUERY_STRING"]) == (method, path, "a=1")
    assert seen["REMOTE_ADDR"] == "192.0.2.7"


def test_handler_may_hand_on_what_it_has_read(front: Front, application: Application) -> None:
    told = knock(front, scope("POST", "/echo", length(b"hello"), query="pass"), b"hello")

    assert told.body == b"django"
    assert application.bodies == [b"hello"]


@pytest.mark.parametrize(
    "headers",
    [
        [("host", "evil.example")],
        [("content-length", str(LARGEST_BODY + 1))],
        [("content-length", "many")],
    ],
    ids=["host", "too long", "no length"],
)
def test_what_is_unusual_is_djangos_to_refuse(
    front: Front, application: Application, headers: list[tuple[str, str]]
) -> None:
    assert knock(front, scope("POST", "/echo", *headers)).body == b"django"
    assert len(application.seen) == 1


def test_body_in_chunks_is_read_to_its_end(front: Front) -> None:
    told = knock(front, scope("POST", "/echo", ("transfer-encoding", "chunked")), b"he", b"llo")

    assert json.loads(told.body)["body"] == "hello"


def test_endless_body_is_cut_off(front: Front) -> None:
    told = knock(front, scope("POST", "/echo", ("transfer-encoding", "chunked")), *[b"x" * 400_000] * 4)

    assert (told.status, told.headers["connection"]) == (413, "close")


def test_slow_body_is_cut_off(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.site.front.BODY_WITHIN_SECONDS", 0.01)

    async def never(_: Protocol) -> bytes:
        await asyncio.sleep(30)
        return b""

    monkeypatch.setattr(Protocol, "__call__", never)

    async def knocked() -> Protocol:
        protocol = Protocol([])
        loop = asyncio.get_running_loop()
        # As granian does when it begins: slow bodies are looked after from then on.
        front.__rsgi_init__(loop)
        await front.__rsgi__(scope("POST", "/echo", ("content-length", "5")), protocol)
        return protocol

    told = asyncio.run(knocked())

    assert (told.status, told.headers["connection"]) == (408, "close")
    assert front._reading == {}


def test_client_that_goes_away_while_it_sends_is_told_nothing(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: Protocol) -> bytes:
        await asyncio.sleep(30)
        return b""

    monkeypatch.setattr(Protocol, "__call__", never)
    protocol = Protocol([])

    async def cancelled() -> None:
        task = asyncio.create_task(front.__rsgi__(scope("POST", "/echo", ("content-length", "5")), protocol))
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert protocol.status == 0
    assert front._reading == {}


def test_answers_beside_django_have_their_lines_in_the_log(
    front: Front, capsys: pytest.CaptureFixture[str]
) -> None:
    knock(front, scope("POST", "/echo", length(b"x")), b"x")
    knock(front, scope("POST", "/echo", length(b"x"), query="secret=1"), b"x")

    front._lines.write()

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(" INFO motcua.requests POST /echo 201 " in line and line.endswith(" ms") for line in lines)
    assert "secret" not in lines[1]


def test_headers_said_twice_are_joined_and_disguised_ones_are_not_believed(
    front: Front, application: Application
) -> None:
    knock(
        front,
        scope(
            "GET", "/", ("cookie", "a=1"), ("cookie", "b=2"), ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-for", "2.2.2.2"), ("x_forwarded_proto", "https"),
        ),
    )  # fmt: skip

    seen = application.seen[0]
    assert (seen["HTTP_COOKIE"], seen["HTTP_X_FORWARDED_FOR"]) == ("a=1; b=2", "1.1.1.1,2.2.2.2")
    assert "HTTP_X_FORWARDED_PROTO" not in seen


def test_address_with_accents_comes_as_wsgi_has_it(front: Front, application: Application) -> None:
    knock(front, scope("GET", "/tìm"))

    assert application.seen[0]["PATH_INFO"].encode("latin-1").decode() == "/tìm"


class Streaming:
    """An answer in parts."""

    streaming = True

    def __init__(self, parts: list[bytes], application: Application) -> None:
        self._parts, self._application = parts, application

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    def close(self) -> None:
        self._application.closed += 1


def test_long_answer_goes_out_in_parts_and_is_closed(front: Front, application: Application) -> None:
    parts = [b"x" * 100_000] * 8
    application.answer = lambda: Streaming(parts, application)

    told = knock(front, scope("GET", "/export"))

    assert b"".join(told.parts) == b"".join(parts)
    assert 1 < len(told.parts) < len(parts)
    assert application.closed == 1


def test_long_upload_is_read_as_it_comes(front: Front, application: Application) -> None:
    chunks = [b"y" * 300_000] * 5

    knock(front, scope("POST", "/upload", ("content-length", str(5 * 300_000))), *chunks)

    assert application.bodies == [b"".join(chunks)]
    assert SHORT_BODY < 5 * 300_000


def test_more_than_can_wait_is_told_to_come_back() -> None:
    release, entered = threading.Event(), threading.Event()

    def slow(environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
        entered.set()
        release.wait(10)
        start("200 OK", [])
        return [b"late"]

    async def crowd() -> list[Protocol]:
        with ThreadPoolExecutor(1) as pool:
            common = (("x-frame-options", "DENY"), ("cache-control", "private"))
            bridge = Bridge(slow, pool, most_waiting=3, common=common)
            told = [Protocol([]) for _ in range(6)]
            asking = [asyncio.ensure_future(bridge.answer(scope(), each)) for each in told]
            await asyncio.sleep(0.05)
            release.set()
            await asyncio.gather(*asking)
        return told

    told = asyncio.run(crowd())

    assert [each.status for each in told] == [200, 200, 200, 503, 503, 503]
    assert all(each.headers["retry-after"] == "3" for each in told[3:])
    # What Django puts on its answers stands on those that never reach it, too.
    assert all(each.headers["x-frame-options"] == "DENY" for each in told[3:])
    assert all(each.headers["cache-control"] == "no-store" for each in told[3:])


class Withheld(Protocol):
    """A sender whose body never comes."""

    def __init__(self) -> None:
        super().__init__([])
        self.asked = asyncio.Event()

    async def __call__(self) -> bytes:
        self.asked.set()
        await asyncio.Event().wait()
        return b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.asked.set()
        await asyncio.Event().wait()
        yield b""


def test_bodies_that_do_not_come_keep_no_place_from_others(
    monkeypatch: pytest.MonkeyPatch, application: Application
) -> None:
    monkeypatch.setattr(bridges, "BODY_WITHIN_SECONDS", 0.5)

    async def crowd() -> tuple[list[Withheld], Protocol]:
        with ThreadPoolExecutor(1) as pool:
            bridge = Bridge(application, pool, most_waiting=2)
            slow = [Withheld() for _ in range(3)]
            waiting = [
                asyncio.ensure_future(bridge.answer(scope("POST", "/", ("content-length", "9")), each))
                for each in slow
            ]
            await asyncio.gather(*(each.asked.wait() for each in slow))
            reader = Protocol([])
            await bridge.answer(scope(), reader)
            await asyncio.gather(*waiting)
        return slow, reader

    slow, reader = asyncio.run(crowd())

    assert (reader.status, reader.body) == (200, b"django")
    assert [each.status for each in slow] == [408, 408, 408]


def test_uploads_that_do_not_come_leave_threads_to_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "BODY_WITHIN_SECONDS", 1.0)
    monkeypatch.setattr(bridges, "LONG_TURN_SECONDS", 0.2)

    def reading(environ: Environ, start: Callable[..., object]) -> Iterable[bytes]:
        try:
            environ["wsgi.input"].read()
        except TimeoutError:
            start("400 Bad Request", [])
            return [b"too slow"]
        start("200 OK", [])
        return [b"django"]

    async def crowd() -> tuple[list[Withheld], Protocol]:
        with ThreadPoolExecutor(2) as pool:
            bridge = Bridge(reading, pool, most_waiting=9, most_long=1)
            slow = [Withheld() for _ in range(3)]
            asked = scope("POST", "/", ("content-length", str(SHORT_BODY + 1)))
            waiting = [asyncio.ensure_future(bridge.answer(asked, each)) for each in slow]
            await slow[0].asked.wait()
            reader = Protocol([])
            async with asyncio.timeout(0.9):
                await bridge.answer(scope(), reader)
            await asyncio.gather(*waiting)
        return slow, reader

    slow, reader = asyncio.run(crowd())

    assert reader.status == 200
    assert [each.status for each in slow] == [400, 503, 503]


def test_upload_that_comes_drop_by_drop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "BODY_WITHIN_SECONDS", 0.3)

    class Dripping(Protocol):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for _ in range(100):
                await asyncio.sleep(0.05)
                yield b"x"

    async def read() -> bytes:
        body = LongBody(Dripping([]), asyncio.get_running_loop())
        return await asyncio.to_thread(body.readall)

    with pytest.raises(TimeoutError):
        asyncio.run(read())


def test_body_in_chunks_is_counted_whatever_length_stands_beside_it(front: Front) -> None:
    class InChunks(Protocol):
        async def __call__(self) -> bytes:
            raise AssertionError("read whole, without a bound")

    protocol = InChunks([b"x" * LARGEST_BODY, b"x"])
    asked = scope("POST", "/echo", ("content-length", "4"), ("transfer-encoding", "chunked"))

    asyncio.run(front.__rsgi__(asked, protocol))

    assert protocol.status == 413
