"""Agents look answers up while they talk (K1, K3)."""

from __future__ import annotations

import pytest

from tests.web.make import make_case

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_agent_finds_an_answer_by_the_customers_words(ada):
    page = ada.get("/desk/knowledge?q=was+kostet+die+Reparatur&hotline=haushalt&language=de").text

    assert "Anfahrt 49 Euro" in page
    assert "fünf Jahre" not in page
    assert "2026-10-01" in page


def test_without_a_question_everything_is_shown_in_the_language_of_the_agent(ada):
    page = ada.get("/desk/knowledge").text

    assert "legal guarantee and warranty" in page
    assert "accessories and spare parts" in page


def test_what_nobody_knows_is_said(ada):
    assert "Nothing is known about that." in ada.get("/desk/knowledge?q=Bremen").text
    assert ada.get("/desk/knowledge?q=%00&hotline=none&language=xx").status_code == 200


def test_the_page_of_a_case_shows_what_is_likely_asked_first(ada, session, runtime):
    """In the customer's language, so that it can be read out."""
    case = make_case(session, runtime.vault, runtime.clock.now())
    session.commit()
    page = ada.get(f"/desk/cases/{case.protocol}").text

    assert '<h2 id="h-knowledge">Knowledge</h2>' in page
    assert "Gewährleistung und Garantie" in page
