"""How questions find their answers (K1, K3); a lawyer would call none of these questions unclear."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.hotline import Hotline
from app.domain.knowledge import Topic, find_topics, is_sure, search_topics
from app.ivr.hotline_file import load_hotlines

FOLDER = Path(__file__).parents[2] / "ivr_flows"


@pytest.fixture(scope="module")
def haushalt() -> Hotline:
    found = load_hotlines(FOLDER / "hotline.yaml", flows=("main",), languages=("de", "en", "pt-BR", "bs"))
    return found.all[0]


@pytest.mark.parametrize(
    ("language", "said", "topic"),
    [
        ("de", "Wie lange habe ich Garantie?", "warranty"),
        ("de", "Ich möchte das Gerät umtauschen", "exchange"),
        ("de", "Haben Sie Filter für den Staubsauger?", "accessories"),
        ("de", "Was kostet die Reparatur?", "labour"),
        ("de", "Ich brauche die Bedienungsanleitung", "training"),
        ("de", "Da steht ein Fehlercode", "help_desk"),
        ("en", "how long is my warranty", "warranty"),
        ("en", "I would like to send it back", "exchange"),
        ("en", "where do I get spare parts", "accessories"),
        ("pt-BR", "quanto custa o conserto", "labour"),
        ("pt-BR", "quero devolver o aparelho", "exchange"),
        ("bs", "koliko traje garancija", "warranty"),
        ("bs", "trebaju mi rezervni dijelovi", "accessories"),
    ],
)
def test_a_question_finds_its_topic(haushalt: Hotline, language: str, said: str, topic: str) -> None:
    found = find_topics(said, haushalt.knowledge, language)

    assert found[0].topic.name == topic
    assert is_sure(found)


@pytest.mark.parametrize("said", ["Wo liegt Bremen?", "", "Guten Tag", "Meine Tochter heiratet"])
def test_what_is_about_nothing_here_finds_nothing(haushalt: Hotline, said: str) -> None:
    assert find_topics(said, haushalt.knowledge, "de") == []


def test_two_topics_that_are_named_are_both_read_back(haushalt: Hotline) -> None:
    """Nobody is told something about the one when the other was meant."""
    found = find_topics("Garantie auf Zubehör", haushalt.knowledge, "de")

    assert {each.topic.name for each in found[:2]} == {"warranty", "accessories"}
    assert not is_sure(found)


def test_a_word_that_was_misheard_a_little_is_asked_about_or_found(haushalt: Hotline) -> None:
    found = find_topics("Garanti", haushalt.knowledge, "de")

    assert found[0].topic.name == "warranty"


def test_agents_search_titles_words_and_answers(haushalt: Hotline) -> None:
    """K3: what stands only in an answer is found too; without words everything is shown."""
    assert [each.name for each in search_topics("49 Euro", haushalt.knowledge, "de")] == ["labour"]
    assert search_topics("Garantie", haushalt.knowledge, "de")[0].name == "warranty"
    assert search_topics(" ", haushalt.knowledge, "de") == list(haushalt.knowledge)


def test_the_shipped_topics_answer_all_that_customer_service_must(haushalt: Hotline) -> None:
    """K1: warranty, exchange, accessories, labour, training, help desk; dated."""
    names = {each.name for each in haushalt.knowledge}

    assert names == {"warranty", "exchange", "accessories", "labour", "training", "help_desk"}
    assert all(each.as_of > date(2026, 1, 1) for each in haushalt.knowledge)


def test_a_topic_without_words_is_found_by_its_title() -> None:
    topic = Topic("keys", date(2026, 1, 1), {"de": "Schlüssel"}, {}, {"de": "Bei uns."})

    assert is_sure(find_topics("schlüssel", [topic], "de"))
