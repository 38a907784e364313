"""Answers are read as they come, in whatever pieces."""

import pytest

from motcua.site.load.wire import AnswerNotReadable, AnswerReader

PLAIN = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\nRetry-After: 3\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
EMPTY = b"HTTP/1.1 304 Not Modified\r\nEtag: x\r\n\r\n"


@pytest.mark.parametrize("whole", [PLAIN, CHUNKED])
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_answer_is_the_same_in_any_pieces(whole: bytes, size: int) -> None:
    reader = AnswerReader()

    answers = [reader.feed(whole[at : at + size]) for at in range(0, len(whole), size)]

    assert answers[-1] is not None
    assert answers[:-1] == [None] * (len(answers) - 1)
    assert answers[-1].body == b"hello"


def test_status_and_wait_are_read() -> None:
    answer = AnswerReader().feed(PLAIN)

    assert answer is not None
    assert (answer.status, answer.retry_after_seconds) == (201, 3)


def test_one_connection_carries_answer_after_answer() -> None:
    reader = AnswerReader()

    statuses = [answer.status for whole in (PLAIN, EMPTY, CHUNKED, PLAIN) if (answer := reader.feed(whole))]

    assert statuses == [201, 304, 200, 201]


def test_announcement_before_the_answer_is_passed_over() -> None:
    answer = AnswerReader().feed(b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN)

    assert answer is not None
    assert answer.status == 201


def test_server_that_will_hang_up_is_noticed() -> None:
    reader = AnswerReader()

    reader.feed(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")

    assert reader.closes


@pytest.mark.parametrize(
    "strange",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nServer: without length\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_answer_is_refused(strange: bytes) -> None:
    with pytest.raises(AnswerNotReadable):
        AnswerReader().feed(strange)
