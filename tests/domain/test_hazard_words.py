"""Which dangers a story tells of, in the languages of the hotline; what is denied is none."""

from __future__ import annotations

import pytest

from app.domain.complaint import ComplaintRecord
from app.domain.hazard_report import HURT, dangers_of, subjects_of
from app.domain.hazard_words import dangers, hazards_in

TOLD = [
    ("de", "Der Toaster hat gebrannt", ("fire",)),
    ("de", "Mein Sohn hat einen Stromschlag bekommen und ist verletzt", ("shock", "injury")),
    ("de", "Niemand wurde verletzt, aber der Akku ist explodiert", ("fire",)),
    ("de", "Es ist nichts passiert, es ist kein Feuer entstanden", ()),
    ("en", "The chair collapsed and she broke off a tooth", ("fall",)),
    ("en", "The battery didn't catch fire and nobody was injured", ()),
    ("en", "We can't sleep. It caught fire!", ("fire",)),
    ("pt-BR", "A panela explodiu e eu sofri uma queimadura", ("fire", "burn")),
    ("pt", "Ninguém se machucou, mas saiu fumaça", ("fire",)),
    ("bs", "Dijete je progutalo dio i ugušilo se", ("choke",)),
    ("bs", "Nije bilo požara", ()),
    ("xx", "It caught fire", ()),
]


@pytest.mark.parametrize(("language", "story", "told"), TOLD)
def test_what_a_story_tells_of(language, story, told):
    assert hazards_in(story, language) == told


@pytest.mark.parametrize("language", ["de", "en", "pt-BR", "bs"])
def test_every_language_has_words_for_every_danger(language):
    from app.domain.hazard_words import _languages

    assert {kind for kind, _ in _languages()[language].dangers} == set(dangers())


def test_a_story_without_end_is_read_in_a_moment():
    assert hazards_in("a " * 1_000_000 + "fire", "en") == ()


def test_who_says_that_somebody_is_hurt_needs_no_words():
    record = ComplaintRecord().with_facts({"matter.injury": True, "matter.narrative": "Nur kaputt."})

    assert dangers_of(record, "de") == (HURT,)


@pytest.mark.parametrize(
    ("facts", "keys"),
    [
        (
            {"product": "Kettle  Hans", "model": "hans-0002", "batch": "L 77"},
            ["name:kettle hans", "number:HANS0002", "lot:HANS0002|L77"],
        ),
        ({"product": "kettle", "gtin": "036000291452", "model": "x"}, ["name:kettle", "number:00036000291452"]),
        ({"product": "call me at 0151 123456789"}, []),
        ({"product": "a@b.example"}, []),
        ({"batch": "L77"}, []),
    ],
)  # fmt: skip
def test_a_complaint_is_counted_by_name_number_and_lot(facts, keys):
    record = ComplaintRecord().with_facts({f"matter.{name}": value for name, value in facts.items()})

    assert [each.key for each in subjects_of(record)] == keys
