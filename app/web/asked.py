"""What a list is asked for in a URL: the same words in the API and on the pages."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from werkzeug.datastructures import MultiDict

from app.analytics.listings import Place, Wanted
from app.domain.errors import Invalid
from app.domain.phone_number import parse_phone
from app.runtime import Runtime

MOST: Final = 200
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}", re.ASCII)
_NUMBER: Final = re.compile(r"[+0-9 ()./\-\u00a0]{3,40}", re.ASCII)
_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def wanted(rt: Runtime, args: MultiDict[str, str], allowed: Sequence[str]) -> Wanted:
    """The filter that a query string asks for.

    Raises:
        Invalid: if a parameter is unknown, given twice, or cannot be read.
    """
    for name in args:
        if name not in allowed:
            raise Invalid(name, f"is no parameter here; there are: {', '.join(sorted(allowed))}")
        if len(args.getlist(name)) > 1:
            raise Invalid(name, "is given more than once")
    return Wanted(
        numbers=number_indexes(rt, args["phone"]) if "phone" in args else None,
        kind=_word(args, "kind"),
        status=_word(args, "status"),
        language=_word(args, "language"),
        hotline=_word(args, "hotline"),
        since=_instant(args, "since"),
        until=_instant(args, "until"),
        after=read_cursor(args["cursor"]) if "cursor" in args else None,
        limit=_limit(args.get("limit", "50")),
    )


def number_indexes(rt: Runtime, text: str) -> list[str]:
    """The blind indexes of a telephone number in any spelling, read as each of our hotlines' countries would.

    Raises:
        Invalid: if it is nothing like a telephone number.
    """
    # In a query string a bare + means a blank.
    typed = "+" + text.strip() if text.startswith(" ") else text.strip()
    if not _NUMBER.fullmatch(typed):
        raise Invalid("phone", "is no telephone number")
    countries = sorted({hotline.country for hotline in rt.hotlines})
    read = {number.e164 for country in countries if (number := parse_phone(typed, country))}
    return [rt.vault.index(number) for number in sorted(read)]


def write_cursor(place: Place | None) -> str | None:
    """Where the next page begins, as an opaque word; None on the last one."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(f"{place[0].isoformat()}|{place[1]}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """The place that `write_cursor` wrote.

    Raises:
        Invalid: if it is none of ours.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        at, _, key = raw.decode("ascii").partition("|")
        instant = _in_utc(at)
    except (ValueError, OverflowError, binascii.Error) as error:
        raise Invalid("cursor", "is none of ours; take next_cursor of the page before") from error
    if not _KEY.fullmatch(key):
        raise Invalid("cursor", "is none of ours; take next_cursor of the page before")
    return instant, key


def _word(args: MultiDict[str, str], name: str) -> str | None:
    value = args.get(name)
    if value is None:
        return None
    if not _WORD.fullmatch(value):
        raise Invalid(name, "is no word that can be looked for")
    return value


def _instant(args: MultiDict[str, str], name: str) -> datetime | None:
    value = args.get(name)
    if value is None:
        return None
    # In a query string a bare + means a blank, also the one before the offset.
    text = re.sub(r" (\d\d:\d\d)$", r"+\1", value)
    if not _RFC3339.fullmatch(text):
        raise Invalid(name, "is no instant; write it as 2026-03-02T09:00:00Z")
    try:
        return _in_utc(text.upper().replace("Z", "+00:00"))
    except (ValueError, OverflowError) as error:
        raise Invalid(name, "is no instant; write it as 2026-03-02T09:00:00Z") from error


def _in_utc(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("a naive instant")
    return instant.astimezone(UTC)


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:4]) <= MOST or len(text) > 4:
        raise Invalid("limit", f"is not between 1 and {MOST}")
    return int(text)
