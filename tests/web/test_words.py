"""The desk speaks the language of who sits before it."""

from __future__ import annotations

import string

import pytest

from app.web.words import LANGUAGES, catalogue
from tests.web.said import every_sentence

OTHERS = [language for language in LANGUAGES if language != "en"]


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_pages_is_in_the_catalogue(language):
    assert sorted(every_sentence() - set(catalogue(language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_has_the_same_slots_in_every_language(language):
    assert [text for text, said in catalogue(language).items() if slots(text) != slots(said)] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_pages_speak_the_first_language_that_they_share_with_the_reader(as_, session, staff):
    from app.models.staff import Staff

    for languages, words in ((["fr", "de"], "Keine Zusage ist offen."), (["pt-BR"], "Nenhuma promessa está aberta."),
                             (["bs", "de"], "Nijedno obećanje nije otvoreno.")):  # fmt: skip
        session.get(Staff, staff["Ben"].id).languages = languages
        session.commit()
        assert words in as_("Ben").get("/desk/").text
    assert "No promise is open." in as_("Ada").get("/desk/").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("browser", "heading"),
    [
        ("de-AT, en;q=0.5", "Anmelden"),
        ("pt-PT", "Entrar"),
        ("hr-HR, en;q=0.5", "Prijava"),
        ("fr", "Log in"),
    ],
)
def test_a_stranger_reads_the_language_of_the_browser(otto, browser, heading):
    assert f"<h1>{heading}</h1>" in otto.get("/desk/login", headers={"Accept-Language": browser}).text
