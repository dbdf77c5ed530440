from __future__ import annotations

import pytest

from app.domain.email_address import find_email, initials, masked, read_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("cora@example.org", "cora@example.org"),
        ("An Cora.Klein+post@Mail.Example.ORG, bitte!", "Cora.Klein+post@mail.example.org"),
        ("meine Adresse: (cora@example.org).", "cora@example.org"),
        ("cora@example", None),
        ("cora@ example.org", None),
        ("co..ra@example.org", None),
        ("@example.org", None),
        ("cora@-example.org", None),
        ("", None),
    ],
)
def test_an_address_is_found_in_what_people_write(text: str, address: str | None) -> None:
    assert find_email(text) == address


@pytest.mark.parametrize(
    ("text", "is_one"), [(" cora@Example.org ", True), ("an cora@example.org", False), ("x", False)]
)
def test_an_address_alone_is_told_from_one_in_a_text(text: str, is_one: bool) -> None:
    assert (read_email(text) is not None) is is_one


def test_little_of_an_address_is_shown() -> None:
    assert initials("cora@example.org") == ("C", "E")
    assert masked("cora@example.org") == "c…@e….org"
