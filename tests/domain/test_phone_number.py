from __future__ import annotations

from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.tzdata import TIMEZONE_DATA

from app.domain.phone_number import (
    WITHHELD,
    PhoneNumber,
    country_of,
    is_withheld,
    may_be_promised_a_call,
    parse_phone,
    why_not_callable,
    zones_of,
)


@pytest.mark.parametrize("wrong", ["", "+", "49301234", "+0301234", "+4930 1234", "+1234567890123456", "+٤٩٣٠١٢٣"])
def test_what_is_no_e164_number_is_refused(wrong):
    with pytest.raises(ValueError, match=r"not an E\.164 number"):
        PhoneNumber(wrong)


def test_a_number_shows_only_its_last_three_digits():
    number = PhoneNumber("+493012345678")

    assert f"{number} {number!r} {[number]}" == "PhoneNumber(…678) PhoneNumber(…678) [PhoneNumber(…678)]"


@pytest.mark.parametrize(
    ("typed", "country", "expected"),
    [
        ("+49 151 12345678", "BR", "+4915112345678"),
        ("004915112345678", "DE", "+4915112345678"),
        ("0049 (151) 1234-5678", "BR", "+4915112345678"),
        ("0151/12345678", "DE", "+4915112345678"),
        ("4915112345678", "DE", "+4915112345678"),
        ("11 98765-4321", "BR", "+5511987654321"),
        ("5511987654321", "BR", "+5511987654321"),
        ("2025550123", "US", "+12025550123"),
        ("01149301234567", "US", "+49301234567"),
        ("061 123 456", "BA", "+38761123456"),
        ("030 1234567", "DE", "+49301234567"),
    ],
)
def test_a_number_is_read_as_callers_type_it(typed, country, expected):
    assert parse_phone(typed, country) == PhoneNumber(expected)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0",
        "110",
        "++49 30 1234567",
        "+49",
        "sip:ada@example.org",
        "client:ada",
        "anonymous",
        "0800-FLOWERS",
        "+266696687",
        "00266696687",
        "1" * 40,
        "+999123456789",
    ],
)
def test_what_cannot_be_called_is_no_number(typed):
    assert parse_phone(typed, "DE") is None


def test_a_country_that_does_not_exist_knows_only_international_numbers():
    assert parse_phone("3/86.486043/08613", "DE") is None  # a valid one of Germany, with 16 digits
    assert parse_phone("+4915112345678", "XX") == PhoneNumber("+4915112345678")
    assert parse_phone("015112345678", "XX") is None


@pytest.mark.parametrize("raw", [*sorted(WITHHELD), "", " ", "Anonymous", "Restricted", "unavailable"])
def test_a_withheld_number_is_known_as_such(raw):
    assert is_withheld(raw)


@pytest.mark.parametrize("raw", ["+493012345678", "client:ada", "sip:ada@example.org"])
def test_who_calls_openly_is_not_withheld(raw):
    assert not is_withheld(raw)


@pytest.mark.parametrize(
    ("e164", "reason"),
    [
        ("+4915112345678", None),
        ("+493012345678", None),
        ("+12025550123", None),
        ("+5511987654321", None),
        ("+266696687", "withheld"),
        ("+499005123456", "premium rate"),
        ("+491803123456", "shared cost"),
        ("+4970012345678", "personal number"),
        ("+881612345678", "no country"),
        ("+870773111632", "no country"),
        ("+80012345678", "no country"),
        ("+12", "not a valid number"),
        ("+99912345", "not a valid number"),
    ],
)
def test_only_who_can_be_called_at_a_normal_price_is_promised_a_call(e164, reason):
    number = PhoneNumber(e164)

    assert why_not_callable(number) == reason
    assert may_be_promised_a_call(number) is (reason is None)


@pytest.mark.parametrize(
    ("e164", "zones"),
    [
        ("+4915112345678", ("Europe/Berlin",)),
        ("+881612345678", ()),
        ("+12", ()),
        (
            "+61412345678",
            (
                "Australia/Adelaide",
                "Australia/Brisbane",
                "Australia/Eucla",
                "Australia/Lord_Howe",
                "Australia/Perth",
                "Australia/Sydney",
                "Indian/Christmas",
                "Indian/Cocos",
            ),
        ),
    ],
)
def test_a_number_may_lie_in_every_zone_of_its_plan(e164, zones):
    assert zones_of(PhoneNumber(e164)) == zones


def test_every_zone_that_a_number_can_have_is_known_to_the_clock():
    names = {zone for zones in TIMEZONE_DATA.values() for zone in zones} - {"Etc/Unknown"}

    assert all(ZoneInfo(name) for name in names)


@pytest.mark.parametrize(
    ("e164", "country"), [("+4915112345678", "DE"), ("+12025550123", "US"), ("+881612345678", None), ("+12", None)]
)
def test_a_number_tells_its_country(e164, country):
    assert country_of(PhoneNumber(e164)) == country


EXAMPLES = [
    example
    for country in sorted(phonenumbers.SUPPORTED_REGIONS)
    if (example := phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE))
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_example_number_of_every_country_survives_every_way_of_writing_it(example):
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)

    assert parse_phone(e164, "DE") == PhoneNumber(e164)
    assert parse_phone("00" + e164[1:], "DE") == PhoneNumber(e164)
    assert parse_phone(
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL), "DE"
    ) == PhoneNumber(e164)


@given(st.text(max_size=40), st.sampled_from(["DE", "BR", "US", "BA"]))
def test_any_text_is_a_number_or_none(text, country):
    number = parse_phone(text, country)

    assert number is None or parse_phone(number.e164, country) == number
