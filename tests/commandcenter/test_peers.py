"""Whose request it is: nobody's word counts but that of so many proxies as are ours."""

from typing import Any

import pytest

from commandcenter.peers import network, network_in, network_of

pytestmark = pytest.mark.once
FORGED = "6.6.6.6, 7.7.7.7"


@pytest.mark.parametrize(
    ("hops", "peer", "forwarded", "found"),
    [
        (0, "10.0.0.1", FORGED, "10.0.0.1"),
        (1, "127.0.0.1", f"{FORGED}, 10.0.0.1", "10.0.0.1"),
        (1, "127.0.0.1", "10.0.0.1", "10.0.0.1"),
        (2, "127.0.0.1", f"{FORGED}, 10.0.0.1, 10.9.9.9", "10.0.0.1"),
        (2, "127.0.0.1", "10.0.0.1", "10.0.0.1"),
        (1, "127.0.0.1", "", ""),
        (1, "127.0.0.1", "evil", ""),
        (0, "", "", ""),
        (0, "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        (0, "::ffff:10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_a_network(settings: Any, hops: int, peer: str, forwarded: str, found: str) -> None:
    settings.PROXY_HOPS = hops
    assert network(peer, forwarded) == found
    assert network_of({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}) == found
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert network_in({"client": (peer, 5), "headers": headers}) == found


def test_a_scope_without_a_peer_is_nobodys() -> None:
    assert network_in({"headers": []}) == network_in({"client": None, "headers": []}) == ""
