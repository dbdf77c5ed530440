"""Supervisors draw a recall campaign up, see whom it concerns and what is said, and lead it; big ones take two."""

from __future__ import annotations

import io
from datetime import date

import pytest
import sqlalchemy as sa

from app.domain.recall import Recall
from app.domain.recall_identifiers import Identifier, IdentifierKind
from app.models.campaign import Campaign, CampaignContact, CampaignMember
from app.services.import_owners import import_owners
from app.services.import_recalls import add_recall
from app.services.lead_waves import lead_waves

CAMPAIGN = "/floor/campaigns/1"
OWNERS = (
    "Phone,Model,Id,Name,Email,Address\n"
    '+4915112345678,K100,1,Cora,cora@example.org,"Hauptstr. 1, Berlin"\n'
    "+4915112345678,K100,2,Cora,,\n"
    "+491801234567,K100,3,,,\n"
    "+4917612345679,K100,4,=Cem,,\n"
    ',K100,5,Otto,,"Nebenstr. 2, Berlin"\n'
    "+4915112345670,K999,6,,,\n"
)


@pytest.fixture
def recall(web, runtime):
    """A recall, and a register with two rows of one owner, a costly number, and somebody without one."""
    found = Recall(
        source="csv",
        number="R-1",
        published_on=date(2026, 3, 1),
        title="Kettle K100",
        hazards=("Fire",),
        remedies=("Refund", "Replace"),
        identifiers=(Identifier(kind=IdentifierKind.MODEL, written="K100", normal="K100"),),
    )
    with runtime.database.sessions.begin() as session:
        add_recall(session, found, runtime.clock.now())
        import_owners(
            session,
            runtime.vault,
            io.BytesIO(OWNERS.encode()),
            name="register",
            country="DE",
            now=runtime.clock.now(),
        )


def draw_up(visitor, **but):
    form = {
        "name": "Kettles",
        "audience": "owner",
        "wave-0-medium": "call",
        "wave-0-tries": "3",
        "wave-1-medium": "letter",
        "wave-1-whom": "open",
        "ceiling": "12,50",
        "per_minute": "0.09",
        **but,
    }
    return visitor.send("/floor/recalls/1/campaigns", **form)


def campaign(runtime):
    with runtime.database.reads() as session:
        return session.scalars(sa.select(Campaign)).one()


def test_the_draft_shows_whom_it_concerns_and_every_word_that_is_said(sue, runtime, recall):
    """P8, P9: nobody is called by looking."""
    answer = draw_up(sue)

    page = sue.get(CAMPAIGN).text
    assert answer.headers["Location"].endswith(CAMPAIGN)
    facts = [fact.split("</dd>")[0].rsplit(">", 1)[-1] for fact in page.split("<dt>")[1:7]]
    assert facts == ["4", "5", "1", "1", "0", "0"]
    assert "Produktsicherheitsrückruf: Ihr Produkt ist betroffen. Benutzen Sie es ab sofort nicht mehr." in page
    assert "Product safety recall: your product is affected." in page
    assert campaign(runtime).ceiling_cents == 1250


def test_each_list_can_be_fetched_and_no_cell_of_it_is_a_formula(sue, runtime, recall):
    draw_up(sue)

    fetched = {which: sue.get(f"{CAMPAIGN}/lists/{which}.csv").text for which in ("everybody", "no_way", "duplicates")}

    assert [len(text.splitlines()) - 1 for text in fetched.values()] == [4, 1, 1]
    assert "'=Cem" in fetched["everybody"]
    assert "'+4915112345678,Cora" in fetched["duplicates"]
    assert sue.get(f"{CAMPAIGN}/lists/x.csv").status_code == 404


def test_above_the_number_a_second_person_must_agree(sue, as_, runtime, recall):
    """P3: four eyes; who drew it up is not the second."""
    draw_up(sue)
    more = {"campaign_id": 1, "origin": "owner", "phone": b"", "language": "de"}
    with runtime.database.sessions.begin() as session:
        session.execute(sa.insert(CampaignMember), [{**more, "key": f"k{number}"} for number in range(101)])

    alone = sue.send(CAMPAIGN, action="start"), sue.send(CAMPAIGN, action="approve")
    agreed = as_("Max").send(CAMPAIGN, action="approve")
    started = sue.send(CAMPAIGN, action="start")

    assert [each.status_code for each in alone] == [403, 403]
    assert (agreed.status_code, started.status_code) == (303, 303)
    assert campaign(runtime).status == "running"


def test_it_is_started_paused_resumed_and_stopped_and_a_second_press_is_told(sue, runtime, recall):
    draw_up(sue)

    steps = [sue.send(CAMPAIGN, action=action).status_code for action in ("start", "pause", "pause", "resume", "stop")]

    assert steps == [303, 303, 409, 303, 303]
    assert campaign(runtime).status == "stopped"
    assert sue.send(CAMPAIGN, action="discard").status_code == 409
    assert sue.send(CAMPAIGN, action="dance").status_code == 422


def test_letters_count_as_told_once_somebody_says_that_they_are_posted(sue, runtime, recall):
    draw_up(sue, **{"wave-0-medium": "letter", "wave-1-medium": ""})
    sue.send(CAMPAIGN, action="start")
    lead_waves(runtime.board, now=runtime.clock.now())

    listed = sue.get(f"{CAMPAIGN}/lists/letters.csv").text
    posted = sue.send(CAMPAIGN, action="posted")
    again = sue.send(CAMPAIGN, action="posted")

    assert "Hauptstr. 1" in listed
    assert "Nebenstr. 2" in listed
    assert (posted.status_code, again.status_code) == (303, 303)
    with runtime.database.reads() as session:
        found = session.execute(sa.select(CampaignContact.status, CampaignContact.heard_by)).all()
        told = session.scalars(sa.select(CampaignMember.reached_at)).all()
    assert list(map(tuple, found)) == [("reached", "mailbox")] * 2
    assert sum(each is not None for each in told) == 2


def test_a_person_is_found_by_their_number_and_shows_what_was_done(sue, runtime, recall):
    draw_up(sue)

    page = sue.get(f"{CAMPAIGN}?q=0151 12345678").text
    one = sue.get(f"{CAMPAIGN}/people/1")

    assert page.count("/people/") == 1
    assert one.status_code == 200
    assert "cora@example.org" in one.text
    assert sue.get(f"{CAMPAIGN}/people/99").status_code == 404


def test_a_plan_that_cannot_be_is_refused_with_its_field(sue, recall):
    assert draw_up(sue, name=" ").status_code == 422
    assert draw_up(sue, lines="0").status_code == 422
    assert draw_up(sue, ceiling="much").status_code == 422
    assert draw_up(sue, **{"wave-0-medium": "", "wave-1-medium": ""}).status_code == 422
    assert draw_up(sue, **{"wave-0-opens": "20:00", "wave-0-closes": "09:00"}).status_code == 422
