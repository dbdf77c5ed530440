"""Simulated callers understand the hotline by its sentences."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.cli.simulation.callers import QUESTIONS, as_typed
from app.cli.simulation.ears import Ears
from app.ivr.words import Words
from tests.guards.tree import ROOT

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(ROOT / "ivr_flows/prompts")


@pytest.fixture
def english(words: Words) -> Ears:
    return Ears(words, "en", QUESTIONS)


def test_the_question_asked_last_counts(english: Ears) -> None:
    heard = "What is it about? For a product, press 1. What would you like us to do? For a repair, press 2."

    assert english.question(heard) == "remedy"
    assert english.question("Was wünschen Sie sich von uns?") is None


def test_the_key_for_a_purpose_is_found_in_what_was_offered(english: Ears) -> None:
    heard = "For your money back, press 1. For a repair, press 4."

    assert english.key("remedy_repair", heard) == "4"
    assert english.key("remedy_discount", heard) is None


def test_the_key_of_the_own_language_is_found_in_a_foreign_menu(english: Ears) -> None:
    assert english.own_language_key("Willkommen. For English, say English or press 6. Za hrvatski pritisnite 8.") == "6"
    assert english.own_language_key("Willkommen.") is None


def test_what_may_be_said_for_a_choice_is_known(english: Ears) -> None:
    assert "refund" in english.phrases("refund")


@pytest.mark.parametrize("language", ["de", "en", "pt-BR", "bs"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_sounds_like_another_in_any_language(words: Words, language: str, question: str) -> None:
    slots = {"caller": "+4915112345678", "phone": "+4915112345678", "protocol": "2612345679"}
    heard = words.text(language, question, slots, now=NOON, zone=ZoneInfo("Europe/Berlin"))

    assert Ears(words, language, QUESTIONS).question(heard) == question


@pytest.mark.parametrize(
    ("number", "typed"), [("+4915112345678", "015112345678"), ("+5511987654321", "11987654321"), ("", "")]
)
def test_a_number_is_typed_as_in_its_own_country(number: str, typed: str) -> None:
    assert as_typed(number) == typed
