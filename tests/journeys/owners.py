"""Owners of a recalled product, and campaigns that reach them."""

from __future__ import annotations

import io
from datetime import date

import sqlalchemy as sa

from app.domain.campaign import CampaignPlan, Medium, Origin, WavePlan
from app.domain.recall import Recall
from app.domain.recall_identifiers import Identifier, IdentifierKind
from app.models.campaign import Campaign, CampaignContact, CampaignMember
from app.models.recall import RecallRow
from app.services.draw_up_campaign import draw_up_campaign
from app.services.import_owners import import_owners
from app.services.import_recalls import add_recall
from app.services.lead_campaign import start
from app.simulator.people import HangUp, Person, Press
from tests.journeys.cast import CEM, CORA
from tests.journeys.stage import Stage

OWNERS = (CORA, CEM, "+4915112345680", "+4915112345681")


def presses(*keys: str, stays: bool = False) -> Person:
    """Somebody who presses these keys, one at each question, and then hangs up or stays on the line."""
    left = list(keys)

    class Presser(Person):
        def reply(self, leg: object) -> Press | HangUp | None:
            return Press(left.pop(0)) if left else None if stays else HangUp()

    return Presser()


def with_owners(office: Stage) -> Stage:
    """The office with one recall on its list, and four owners of the product, who say that they understood."""
    for number in OWNERS:
        office.carrier.introduce(number, presses("2"))
    with office.runtime.database.sessions.begin() as session:
        recall = Recall(
            source="csv",
            number="R-1",
            published_on=date(2026, 3, 1),
            title="Kettle K100",
            hazards=("Fire",),
            remedies=("Refund", "Replace"),
            identifiers=(Identifier(kind=IdentifierKind.MODEL, written="K100", normal="K100"),),
        )
        add_recall(session, recall, office.clock.now())
        register = "phone;model\n" + "".join(f"{phone};K100\n" for phone in (*OWNERS, CORA))
        import_owners(
            session,
            office.runtime.vault,
            io.BytesIO(register.encode()),
            name="register",
            country="DE",
            now=office.clock.now(),
        )
    return office


def begin(
    office: Stage, *waves: WavePlan, lines: int = 10, ceiling_cents: int | None = None, starts: bool = True
) -> int:
    """Draw a campaign up and start it; gives its number."""
    plan = CampaignPlan(
        name="K100",
        audience=(Origin.OWNER,),
        waves=waves or (WavePlan(medium=Medium.CALL),),
        lines=lines,
        per_second=5,
        ceiling_cents=ceiling_cents,
    )
    with office.runtime.database.sessions.begin() as session:
        recall = session.scalars(sa.select(RecallRow)).one()
        hotline = next(iter(office.runtime.hotlines))
        campaign = draw_up_campaign(session, office.runtime.vault, hotline, recall, plan, None, now=office.clock.now())
        if starts:
            start(session, campaign, above=100, now=office.clock.now())
        return campaign.id


def members(office: Stage) -> dict[str, CampaignMember]:
    """Everybody whom campaigns concern, by number."""
    with office.runtime.database.reads() as session:
        rows = session.scalars(sa.select(CampaignMember)).all()
        return {str(office.runtime.vault.open(row.phone, f"campaign_members:phone:{row.key}")): row for row in rows}


def contacts(office: Stage) -> list[CampaignContact]:
    """Every contact, in order."""
    with office.runtime.database.reads() as session:
        return list(session.scalars(sa.select(CampaignContact).order_by(CampaignContact.id)))


def status(office: Stage) -> str:
    """Where the only campaign stands."""
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Campaign.status)).one()
