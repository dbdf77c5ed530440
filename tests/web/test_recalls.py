"""The public page of recalls: by the numbers on a product, in the words of the telephone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.models.recall import RecallDossier, RecallRow
from app.services.import_recalls import import_recalls

DATA = Path(__file__).parents[1] / "data" / "cpsc_recalls_rest.json"
ALL_CLEAR = re.compile(r"not recalled|not affected|nicht betroffen|nicht zurückgerufen", re.IGNORECASE)


@pytest.fixture
def page(web, runtime):
    """Somebody who is not logged in; real recalls are on the list."""
    with runtime.database.sessions.begin() as session, DATA.open("rb") as file:
        import_recalls(session, file, name="x", now=runtime.clock.now())
    return web.test_client()


def text_of(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("HANS0002", "your product is affected"),
        ("0 35051 12033 9", "your product is affected"),
        ("03505112033", "your product may be affected"),
    ],
)
def test_a_number_on_the_product_gets_the_notice_of_the_telephone(page, typed, said):
    """P8, P10."""
    text = text_of(page.get("/recalls", query_string={"q": typed, "lang": "en"}))

    assert f"Product safety recall: {said}" in text
    assert re.search("[Ss]top using it immediately|Do not use it until", text)


def test_what_is_not_found_is_no_all_clear(page):
    """P8."""
    for language in ("de", "en", "bs"):
        text = text_of(page.get("/recalls", query_string={"q": "4006381333931", "lang": language}))
        assert not ALL_CLEAR.search(text)
    assert "does not mean that your product is safe" in text_of(page.get("/recalls?q=4006381333931&lang=en"))
    assert "at least three" in text_of(page.get("/recalls?q=x&lang=en"))


def test_the_page_speaks_the_language_of_the_browser_and_says_so(page):
    answer = page.get("/recalls", headers={"Accept-Language": "en-US,en;q=0.9"})

    assert '<html lang="en">' in answer.text
    assert '<html lang="de">' in page.get("/recalls/").text
    assert page.get("/recalls?lang=xx").status_code == 200


def test_a_notice_tells_danger_remedy_numbers_and_whom_to_call(page, runtime):
    """P9."""
    with runtime.database.reads() as session:
        key = session.scalar(sa.select(RecallRow.id).where(RecallRow.number == "26651"))

    text = text_of(page.get(f"/recalls/{key}?lang=en"))

    for part in (
        "Product safety recall",
        "stop using this product immediately",
        "collapse, tip-over",
        "repair",
        "HANS0002",
    ):
        assert part in text
    assert "two injuries" not in text
    assert page.get("/recalls/999999").status_code == 404


def test_words_that_lessen_the_risk_are_not_shown(page, runtime):
    """GPSR art. 36 (2) (c)."""
    with runtime.database.sessions.begin() as session:
        key = session.scalar(sa.select(RecallRow.id).where(RecallRow.number == "26651"))
        texts = {"en": {"hazard": "a rare fall", "product": "Nordi tower"}}
        session.add(RecallDossier(recall_id=key, document={"texts": texts}, changed_at=runtime.clock.now()))

    text = text_of(page.get(f"/recalls/{key}?lang=en"))

    assert "Nordi tower" in text
    assert "rare" not in text


def test_nobody_can_put_code_into_the_page(page):
    answer = page.get("/recalls", query_string={"q": '"><script>alert(1)</script>'})

    assert "<script>alert" not in answer.text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
