"""Forms of the network, read as the framework would read them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.telephony.twilio.request import MOST_PARAMS, read_form

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=12))
def test_what_was_sent_is_read_as_it_was_sent(pairs: list[tuple[str, str]]) -> None:
    wanted: dict[str, list[str]] = {}
    for name, value in pairs:
        wanted.setdefault(name, []).append(value)

    assert read_form(urlencode(pairs).encode()) == wanted


@given(st.text("ab=&+%41é", max_size=40))
def test_any_body_is_read_as_the_standard_library_reads_it(body: str) -> None:
    assert read_form(body.encode()) == parse_qs(body, keep_blank_values=True)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        read_form(b"Digits=\xff")


def test_more_parameters_than_any_webhook_has_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        read_form(b"&".join(b"a=1" for _ in range(MOST_PARAMS + 1)))
