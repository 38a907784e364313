"""Whose address counts: the peer's, and forwarding headers only from proxies we were told to trust."""

import pytest

from motcua.identity.addresses import client_address


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "counted"),
    [
        ("203.0.113.7", "", [], "203.0.113.7"),
        ("203.0.113.7", "10.0.0.1", [], "203.0.113.7"),
        ("203.0.113.7", "10.0.0.1", ["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.9", "203.0.113.7", ["10.0.0.9"], "203.0.113.7"),
        ("10.0.0.9", "1.1.1.1, 203.0.113.7", ["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.9", "1.1.1.1, 203.0.113.7, 10.0.0.2", ["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.9", "10.0.0.3, 10.0.0.2", ["10.0.0.0/8"], "10.0.0.3"),
        ("10.0.0.9", "1.1.1.1, nonsense", ["10.0.0.0/8"], "10.0.0.9"),
        ("10.0.0.9", "", ["10.0.0.0/8"], "10.0.0.9"),
        ("2001:db8:1:2:3::4", "", [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", [], "203.0.113.7"),
        ("", "203.0.113.7", ["10.0.0.0/8"], "unknown"),
        ("unix:", "203.0.113.7", [], "unknown"),
    ],
)
def test_a_forged_header_changes_nothing(peer: str, forwarded: str, trusted: list[str], counted: str) -> None:
    assert client_address(peer=peer, forwarded_for=forwarded, trusted_proxies=trusted) == counted
