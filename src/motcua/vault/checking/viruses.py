"""Asks ClamAV about a paper, where the operator runs one."""

import socket
import struct

from motcua.vault.checking.faults import PaperRefused

_CHUNK = 65_536
_LONGEST_ANSWER = 4_096


def refuse_viruses(content: bytes, *, scanner: str, within_seconds: float) -> None:
    """Raise ``PaperRefused`` if the scanner finds something, and also if it does not answer.

    ``scanner`` is the path of clamd's socket, or ``host:port``.
    """
    try:
        answer = _ask(content, scanner, within_seconds)
    except OSError:
        raise PaperRefused("not_scanned") from None
    if answer.endswith("FOUND"):
        raise PaperRefused("virus")
    if not answer.endswith("OK"):
        raise PaperRefused("not_scanned")


def _ask(content: bytes, scanner: str, within_seconds: float) -> str:
    with _connected(scanner, within_seconds) as connection:
        connection.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), _CHUNK):
            chunk = content[at : at + _CHUNK]
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            received = connection.recv(_LONGEST_ANSWER)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(scanner: str, within_seconds: float) -> socket.socket:
    if scanner.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(within_seconds)
        try:
            connection.connect(scanner)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = scanner.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=within_seconds)
