"""Nobody has us ask our own neighbours, however they spell them."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid
from app.outgoing.address import check_url, resolve

NEIGHBOURS = [
    "https://127.0.0.1/", "https://localhost/", "https://a.localhost/", "https://[::1]/", "https://10.0.0.8/x",
    "https://172.16.3.4/", "https://192.168.1.1:8443/", "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/", "https://0.0.0.0/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/",
    "https://255.255.255.255/", "https://[2001:0:7f00:1::]/", "http://127.0.0.1:9/",
]  # fmt: skip
SPELLED = ["https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://0177.0.0.1/"]
"""Spellings of 127.0.0.1 that no parser of addresses reads, but the resolver of some machines does."""

NO_URLS = [
    "", "x", "ftp://a.example/", "https://", "https://u:p@a.example/", "http://a.example/", "https://a.example:99999/",
    "https://a.example:0/", "https://a.example/\nHost: b", "https://a.example/ b", "https://a.example/#f",
    "javascript:alert(1)", "https://a.example/" + "a" * 2_000, "https://[::1", "//a.example/",
]  # fmt: skip


def test_a_neighbour_is_refused_when_it_is_entered_and_when_it_is_sent_to() -> None:
    for url in NEIGHBOURS:
        for look in (check_url, resolve):
            with pytest.raises(Invalid):
                look(url, may_be_private=False)
    for url in SPELLED:  # at the latest when it is sent to
        with pytest.raises((Invalid, OSError)):
            resolve(url, may_be_private=False)


def test_what_is_no_address_is_refused_even_where_neighbours_are_allowed() -> None:
    for url in NO_URLS:
        with pytest.raises(Invalid):
            check_url(url, may_be_private=True)


def test_a_name_that_leads_to_a_neighbour_by_now_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was a good name when it was entered is looked up again, and what was looked up is connected to."""
    assert check_url("https://shop.example/", may_be_private=False)
    leads_to = {"shop.example": "10.0.0.8", "8.8.8.8": "8.8.8.8"}
    monkeypatch.setattr(
        "app.outgoing.address.socket.getaddrinfo", lambda host, port, **_: [(2, 1, 6, "", (leads_to[host], port))]
    )
    with pytest.raises(Invalid):
        resolve("https://shop.example/", may_be_private=False)
    with pytest.raises(Invalid):
        resolve("http://8.8.8.8/", may_be_private=True)


def test_anybody_and_an_allowed_neighbour_are_found() -> None:
    assert resolve("https://8.8.8.8/hook?a=1", may_be_private=False).path == "/hook?a=1"
    found = resolve("http://127.0.0.1:8080", may_be_private=True)
    assert (found.ip, found.port, found.path, found.is_https) == ("127.0.0.1", 8080, "/", False)
