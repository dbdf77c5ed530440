"""When a customer writes that they wish to be called, in four languages."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.ivr.words import Words
from app.promising.written_wish import wished_span, written_wish
from tests.guards.tree import ROOT

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 10, tzinfo=BERLIN)  # a Monday


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(ROOT / "ivr_flows" / "prompts")


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("de", "morgen nach 17 Uhr", "03 17:00-21:00"),
        ("en", "Tomorrow after five, please.", "03 17:00-21:00"),
        ("en", "tomorrow after 5pm", "03 17:00-21:00"),
        ("pt-BR", "amanhã depois das 17", "03 17:00-21:00"),
        ("bs", "sutra poslije 17", "03 17:00-21:00"),
        ("de", "Bitte lieber am Freitag um 10:30 Uhr!", "06 10:30-11:30"),
        ("de", "mittwoch zwischen 10 und 12 uhr", "04 10:00-12:00"),
        ("en", "thursday between 2 and 4 pm", "05 14:00-16:00"),
        ("pt-BR", "sexta entre as 14 e as 16 horas", "06 14:00-16:00"),
        ("bs", "petak od 10 do 12 sati", "06 10:00-12:00"),
        ("de", "vor 12", "02 08:00-12:00"),
        ("de", "nach 17h", "02 17:00-21:00"),
        ("de", "morgen vormittag", "03 08:00-12:00"),
        ("bs", "sutra ujutro", "03 08:00-12:00"),
        ("pt-BR", "amanhã à tarde, por favor", "03 12:00-17:00"),
        ("en", "tomorrow any time", "03 00:00-00:00"),
        ("de", "früh", "02 08:00-12:00"),
        ("de", "vor 9 uhr", "03 08:00-09:00"),  # that of today has passed
    ],
)
def test_a_day_and_a_time_of_day_are_understood(words: Words, language: str, body: str, expected: str) -> None:
    wish = written_wish(body, words.choices(language))

    assert wish is not None
    assert (wish.is_clear, wish.strange) == (True, 0)
    span = wished_span(wish, NOW, BERLIN)
    assert span is not None
    assert f"{span.start.astimezone(BERLIN):%d %H:%M}-{span.end.astimezone(BERLIN):%H:%M}" == expected


@pytest.mark.parametrize(
    "body",
    ["", "Das Gerät ist wieder kaputt", "Modell 17", "2611240017", "egal", "um", "nach", "17", "25 Uhr", "1", "5."],
)
def test_what_names_no_time_is_no_wish(words: Words, body: str) -> None:
    assert written_wish(body, words.choices("de")) is None


def test_what_else_is_said_is_counted(words: Words) -> None:
    wish = written_wish("Morgen kommt der Techniker um 10 Uhr", words.choices("de"))

    assert wish is not None
    assert wish.strange == 3


@pytest.mark.parametrize(
    "body",
    ["morgen oder freitag", "morgens oder abends morgen", "vormittags oder abends", "um 9 uhr, um 10 uhr, um 11 uhr"],
)
def test_several_times_are_not_one(words: Words, body: str) -> None:
    wish = written_wish(body, words.choices("de"))

    assert wish is None or not wish.is_clear or wish.strange


def test_a_time_of_today_that_has_passed_cannot_be_wished(words: Words) -> None:
    wish = written_wish("heute vor 9 Uhr", words.choices("de"))

    assert wish is not None
    assert wished_span(wish, NOW, BERLIN) is None
