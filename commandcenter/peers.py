"""From which network a request comes: the peer, or what PROXY_HOPS trusted proxies wrote (reliability.md D3)."""

from collections.abc import Mapping
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from django.conf import settings

NOBODY = ""


def network_of(meta: Mapping[str, Any]) -> str:
    """The network of a Django request; "" when it cannot be told."""
    return network(str(meta.get("REMOTE_ADDR", "")), str(meta.get("HTTP_X_FORWARDED_FOR", "")))


def network_in(scope: Mapping[str, Any]) -> str:
    """The network of an ASGI request."""
    peer = scope.get("client") or (NOBODY, 0)
    hops = (
        b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
        if settings.PROXY_HOPS
        else b""
    )
    return network(str(peer[0]), hops.decode("latin-1"))


def network(peer: str, forwarded: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: what one household or one telephone has.

    Each proxy adds the address it saw at the right end; whatever stands further left anybody may have written.
    """
    hops = settings.PROXY_HOPS
    seen = [peer, *reversed([part.strip() for part in forwarded.split(",")])] if hops else [peer]
    try:
        address = ip_address(seen[min(hops, len(seen) - 1)])
    except ValueError:
        return NOBODY
    address = getattr(address, "ipv4_mapped", None) or address
    return str(address) if isinstance(address, IPv4Address) else str(ip_network((address, 64), strict=False))
