"""The waves of a campaign: each is opened once, its messages go out once, and their end is seen, on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from app.models.call import Caller
from app.models.campaign import Campaign, CampaignContact, CampaignMember, CampaignWave
from app.models.outbox import LETTER, OutboxItem
from app.models.recall import RecallRow
from app.services.lead_waves import lead_waves


def make_campaign(runtime, *media, **but):
    """A running campaign with one member who has a number and an e-mail address."""
    now, vault = runtime.clock.now(), runtime.vault
    document = {"source": "csv", "number": "R-1", "title": "Kettle", "hazards": ["Fire"], "remedies": ["Refund"]}
    with runtime.database.sessions.begin() as session:
        recall = RecallRow(
            source="csv", number="R-1", title="Kettle", hazards=["Fire"], remedies=[], document=document, changed_at=now
        )
        session.add(recall)
        session.flush()
        campaign = Campaign(
            recall_id=recall.id,
            hotline=next(iter(runtime.hotlines)).name,
            name="Kettles",
            audience=["owner"],
            status="running",
            per_second=1,
            lines=1,
            cents_per_minute=10,
            cents_per_text=8,
            created_at=now,
            **but,
        )
        campaign.waves = [
            CampaignWave(number=number, medium=medium, whom="silent", opens="00:00", closes="23:59", tries=1)
            for number, medium in enumerate(media, 1)
        ]
        session.add(campaign)
        session.flush()
        session.add(
            CampaignMember(
                key="k",
                campaign_id=campaign.id,
                origin="owner",
                phone=vault.seal("+4915112345678", "campaign_members:phone:k"),
                phone_index=vault.index("+4915112345678"),
                details=vault.seal({"email": "cora@example.org", "name": "Cora"}, "campaign_members:details:k"),
                has_email=True,
                language="de",
            )
        )


def lead(runtime, times=3):
    for _ in range(times):
        lead_waves(runtime.board, now=runtime.clock.now())


def outbox(runtime):
    with runtime.database.reads() as session:
        return session.scalars(sa.select(OutboxItem).order_by(OutboxItem.id)).all()


def test_an_email_goes_out_once_with_the_heading_and_counts_when_a_server_has_taken_it(runtime):
    """P10; art. 36 (2) (a)."""
    make_campaign(runtime, "email")

    lead(runtime)
    (item,) = outbox(runtime)
    letter = runtime.vault.open(item.payload, f"outbox:{item.key}")
    with runtime.database.sessions.begin() as session:
        session.execute(sa.update(OutboxItem).values(status="sent"))
    lead(runtime)

    assert (item.kind, letter["to"]) == (LETTER, "cora@example.org")
    assert letter["subject"] == "Produktsicherheitsrückruf: Kettle"
    assert "Guten Tag Cora" in letter["body"]
    with runtime.database.reads() as session:
        contact = session.scalars(sa.select(CampaignContact)).one()
        assert (contact.status, contact.heard_by) == ("reached", "mailbox")
        assert session.scalars(sa.select(CampaignMember.reached_at)).one() is not None
        assert session.scalars(sa.select(Campaign.status)).one() == "done"


def test_a_text_that_could_not_go_out_is_missed_and_the_next_wave_begins(runtime):
    make_campaign(runtime, "text", "email")

    lead(runtime)
    with runtime.database.sessions.begin() as session:
        session.execute(sa.update(OutboxItem).values(status="failed"))
    lead(runtime, 4)

    assert [item.kind for item in outbox(runtime)] == ["text", LETTER]
    with runtime.database.reads() as session:
        found = session.scalars(sa.select(CampaignContact.status).order_by(CampaignContact.id)).all()
    assert found == ["missed", "under_way"]


def test_texts_stop_before_the_ceiling(runtime):
    make_campaign(runtime, "text", ceiling_cents=7)

    lead(runtime)

    assert outbox(runtime) == []
    with runtime.database.reads() as session:
        campaign = session.scalars(sa.select(Campaign)).one()
    assert (campaign.status, campaign.cause) == ("paused", "spending")


def test_somebody_who_wants_no_texts_gets_none(runtime):
    make_campaign(runtime, "text")
    with runtime.database.sessions.begin() as session:
        index = runtime.vault.index("+4915112345678")
        session.add(Caller(number_index=index, language="de", seen_at=runtime.clock.now(), no_texts=True))

    lead(runtime)

    assert outbox(runtime) == []
