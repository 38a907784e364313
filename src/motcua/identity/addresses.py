"""Whose address a request comes from: the peer's, unless the peer is a proxy that we were told to trust."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"


def client_address(*, peer: str, forwarded_for: str, trusted_proxies: Sequence[str]) -> str:
    """Return the address to count tries against; an IPv6 address as its /64 network.

    ``forwarded_for`` is believed only as far as trusted proxies wrote it: read from the right, the first
    address that is no trusted proxy counts. What a stranger wrote further left is never read.
    """
    nearest = _address(peer)
    if nearest is None:
        return UNKNOWN
    networks = [ip_network(proxy, strict=False) for proxy in trusted_proxies]
    hops = [hop.strip() for hop in forwarded_for.split(",")] if forwarded_for else []
    while hops and any(nearest in network for network in networks):
        further = _address(hops.pop())
        if further is None:
            break
        nearest = further
    return _counted(nearest)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _counted(address: IPv4Address | IPv6Address) -> str:
    # One household or phone has a whole /64: counting single addresses would count nothing.
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)
