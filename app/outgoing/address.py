"""Where events may be posted to: no address that only machines beside ours can reach, however it is spelled.

Whoever may enter an address could else have us ask our own neighbours: the database, the cloud's metadata.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from app.domain.errors import Invalid

_Ip: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was found good to be connected to."""

    ip: str
    port: int
    host: str
    path: str
    is_https: bool


def check_url(url: str, *, may_be_private: bool) -> str:
    """The URL, if it is one that events may be posted to.

    Raises:
        Invalid: if it is none.
    """
    if len(url) > _LONGEST or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise Invalid("url", "is no URL")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Invalid("url", "is no URL") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or parts.fragment:
        raise Invalid("url", "is no https URL")
    if parts.username or parts.password:
        raise Invalid("url", "must not hold a name or password; the signature tells who sends")
    is_loopback = _is_loopback(parts.hostname)
    if parts.scheme == "http" and not is_loopback:
        raise Invalid("url", "is not https; only on a loopback address may it be http")
    number = _as_ip(parts.hostname)
    if not may_be_private and (is_loopback or (number is not None and not is_public(number))):
        raise Invalid("url", "leads to an address that only machines beside ours can reach")
    return url


def resolve(url: str, *, may_be_private: bool) -> Target:
    """Where to connect; the name is looked up once, so that it cannot lead elsewhere a moment later.

    Raises:
        Invalid: if any of its addresses may not be posted to.
        OSError: if the name is not known.
    """
    check_url(url, may_be_private=may_be_private)
    parts = urlsplit(url)
    host, is_https = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_https else 80)
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        number = ipaddress.ip_address(text.partition("%")[0])
        if not may_be_private and not is_public(number):
            raise Invalid("url", "leads to an address that only machines beside ours can reach")
        if not is_https and not number.is_loopback:
            raise Invalid("url", "is not https, and leads elsewhere than to this machine")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(found[0], port, host, path, is_https)


def is_public(number: _Ip) -> bool:
    """Whether anybody in the world can reach an address, also the one that is wrapped into it."""
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if number in _NAT64:
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if number.teredo is not None or (inner is not None and not is_public(inner)):
            return False
        if number.is_site_local:
            return False
    return number.is_global and not number.is_multicast and not number.is_reserved


def _as_ip(host: str) -> _Ip | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    number = _as_ip(host)
    return number.is_loopback if number is not None else host == "localhost" or host.endswith(".localhost")
