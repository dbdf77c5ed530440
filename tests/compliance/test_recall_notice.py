"""What a notice must and must not say; every line of recall_notice.yaml is one test. A lawyer can add to them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.compliance.recall_notice import lint_notice, lint_remedies, softening_in
from app.compliance.recall_text import lint_dossier, notice_parts
from app.domain.complaint_terms import Remedy
from app.domain.errors import LawUnknown
from app.domain.recall import Recall
from app.domain.recall_dossier import Dossier, NoticeText
from app.domain.yaml_source import read_yaml
from app.ivr.words import Words

TABLE = [node.plain() for node in read_yaml(Path(__file__).parent / "recall_notice.yaml").items()]
FLOWS = Path(__file__).parents[2] / "ivr_flows"
NOTICES = (
    "recall_exact",
    "recall_possible",
    "safety_notice",
    "safety_ask",
    "text_recall",
    "text_recall_remedy",
    "text.outreach",
    "letter.outreach",
    "page.notice",
)
KETTLE = Recall(
    source="cpsc",
    number="1",
    title="Acme Voluntarily Recalls Kettles",
    products=("Acme Kettle",),
    hazards=("fire",),
    remedies=("refund",),
    injuries=("None reported",),
)


@pytest.mark.parametrize("line", TABLE, ids=[line["case"] for line in TABLE])
def test_words_that_lessen_the_risk(line):
    found = softening_in(line["text"])

    assert (found[0] if found else "none") == line["expect"]


@pytest.mark.parametrize("jurisdiction", ["de", "eu", "us", "br-sac"])
def test_every_notice_that_is_spoken_sent_or_shown_is_lawful_in_every_language(jurisdiction):
    """P9."""
    words = Words.load(FLOWS / "prompts")
    told = {"hazard": "fire", "recall_title": "Kettle", "own_hazard": "fire", "own_title": "Kettle", "company": "Acme"}
    now = datetime(2026, 3, 2, tzinfo=UTC)
    faults = [
        (language, prompt, fault.rule, fault.found)
        for language in words.languages
        for prompt in NOTICES
        for slots in (told, {"company": "Acme"})
        for fault in lint_notice(
            words.text(language, prompt, slots, now=now, zone=ZoneInfo("UTC")), language, jurisdiction
        )
    ]

    assert faults == []


def test_a_notice_without_heading_and_stop_sentence_is_refused():
    faults = lint_notice("Your kettle may burn.", "en", "de")

    assert [(fault.rule, fault.is_spoken) for fault in faults] == [("heading", True), ("stop", True)]
    assert all("art. 36" in fault.citation.text for fault in faults)


def test_a_law_that_nobody_knows_lets_no_notice_through():
    with pytest.raises(LawUnknown):
        lint_notice("Product safety recall: stop using it.", "en", "xx")


def test_a_part_that_may_not_be_said_gives_way_to_the_next_that_may():
    """P9: the title of the list says "voluntarily", the name of the product does not."""
    parts = notice_parts(KETTLE, None, "de")

    assert (parts.product, parts.hazard, parts.remedies) == ("Acme Kettle", "fire", (Remedy.REFUND,))


def test_the_words_of_the_office_come_first_unless_they_lessen_the_risk():
    own = Dossier(
        texts={"de": NoticeText(product="Wasserkocher", hazard="in seltenen Fällen Brand")},
        remedies=(Remedy.REPAIR, Remedy.REFUND),
    )

    parts = notice_parts(KETTLE, own, "de")

    assert (parts.product, parts.hazard) == ("Wasserkocher", "fire")
    assert parts.remedies == (Remedy.REPAIR, Remedy.REFUND)


def test_what_nobody_may_say_is_left_out():
    bad = KETTLE.model_copy(update={"products": (), "hazards": ("none reported",)})

    parts = notice_parts(bad, None, "en")

    assert (parts.product, parts.hazard) == ("", "")


@pytest.mark.parametrize(
    ("remedies", "why", "jurisdiction", "is_enough"),
    [
        ((Remedy.REFUND,), "", "de", False),
        ((Remedy.REFUND,), "the factory is gone", "de", True),
        ((Remedy.REFUND, Remedy.REPAIR), "", "de", True),
        ((Remedy.REFUND,), "", "us", True),
        ((), "nothing helps", "de", False),
    ],
)
def test_two_remedies_are_offered_unless_it_is_said_why_not(remedies, why, jurisdiction, is_enough):
    """GPSR art. 37 (2)."""
    faults = lint_remedies(remedies, why, jurisdiction)

    assert (not faults) is is_enough
    assert not any(fault.is_spoken for fault in faults)


def test_the_editor_is_told_every_fault_with_language_and_field():
    own = Dossier(texts={"de": NoticeText(what_to_do="Vorsorglich ausstecken")})

    faults = lint_dossier(KETTLE, own, "de", ("de", "en"))

    assert {(language, field, fault.rule) for language, field, fault in faults} == {
        ("de", "what_to_do", "softening"),
        ("", "title", "softening"),
        ("", "remedies", "remedies"),
    }


def test_a_dossier_keeps_its_plan_with_owners_and_dates():
    """P2, P7."""
    plan = [{"task": "logistics", "what": "print labels", "owner": "Sue", "due_on": "2026-03-09"}]
    questions = [{"question": "May I keep it?", "answer": "No."}]

    dossier = Dossier.model_validate({"plan": plan, "questions": questions, "briefing": "Be kind."})

    assert (dossier.plan[0].due_on, dossier.plan[0].done_on) == (date(2026, 3, 9), None)
    assert Dossier.model_validate(dossier.model_dump(mode="json")) == dossier
