"""Who is known to have a recalled product, who was told, answered and was helped; each telephone number once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.recall_progress import Span
from app.domain.recall_ranges import ANY_DIGIT, blocks_around
from app.models.campaign import Campaign, CampaignContact, CampaignMember, CampaignWave
from app.models.recall import OwnedIdentifier, OwnedProduct, RecallAnswer, RecallIdentifier
from app.models.recall_progress import RecallCorrection

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class People:
    """Sets of people, by a name that is the same in all of them."""

    known: frozenset[str]
    reached: frozenset[str]  # told, by us or when they called
    answered: frozenset[str]  # understood, chose, refused …
    chosen: frozenset[str]  # a remedy
    helped: frozenset[str]  # it was carried out

    @property
    def reach(self) -> float | None:
        """People told, of those known; None if nobody is known."""
        return len(self.reached) / len(self.known) if self.known else None

    @property
    def response(self) -> float | None:
        """People who answered, of those told; None if nobody was told."""
        return len(self.answered) / len(self.reached) if self.reached else None

    @property
    def helped_rate(self) -> float | None:
        """People helped, of those known; None if nobody is known."""
        return len(self.helped) / len(self.known) if self.known else None

    @property
    def waiting(self) -> int:
        """People who chose a remedy that is not carried out yet."""
        return len(self.chosen - self.helped)


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave of a campaign until the end of the span."""

    campaign: str
    number: int
    medium: str
    started_at: datetime | None
    contacts: int
    reached: int
    reached_in_span: int
    answered: int  # in this wave
    helped: int  # of those who answered in it


def people_of(session: orm.Session, recall_id: int, until: datetime) -> People:
    """The people of a recall as known at an instant."""
    owners = _owners(session, recall_id, until)
    members = session.execute(
        sa.select(CampaignMember.phone_index, CampaignMember.key, CampaignMember.reached_at, CampaignMember.answered_at)
        .join(Campaign, Campaign.id == CampaignMember.campaign_id)
        .where(Campaign.recall_id == recall_id, Campaign.created_at < until)
    ).all()
    answers = session.execute(
        sa.select(
            RecallAnswer.phone_index, RecallAnswer.person, RecallAnswer.acknowledged_at, RecallAnswer.chosen_at
        ).where(RecallAnswer.recall_id == recall_id, RecallAnswer.said_at < until, _has_one())
    ).all()
    # One person may stand in answers with a number and in others without it any more.
    index_of = {person: index for index, person, _, _ in answers if index}
    names = [index_of.get(person, f"gone:{person}") for _, person, _, _ in answers]
    of_members = [index or f"member:{key}" for index, key, _, _ in members]
    helped = session.scalars(
        sa.select(RecallCorrection.person).where(
            RecallCorrection.recall_id == recall_id,
            RecallCorrection.person.is_not(None),
            RecallCorrection.taken_back_at.is_(None),
            RecallCorrection.noted_at < until,
        )
    )
    done = frozenset(index_of.get(str(person), f"gone:{person}") for person in helped)
    reached = {*names, *(name for name, row in zip(of_members, members, strict=True) if _by(row.reached_at, until))}
    answered = {name for name, row in zip(names, answers, strict=True) if _by(row.acknowledged_at, until)}
    answered |= {name for name, row in zip(of_members, members, strict=True) if _by(row.answered_at, until)}
    chosen = {name for name, row in zip(names, answers, strict=True) if _by(row.chosen_at, until)}
    return People(
        known=frozenset({*owners, *of_members, *names, *done}),
        reached=frozenset(reached | answered | done),
        answered=frozenset(answered | chosen | done),
        chosen=frozenset(chosen | done),
        helped=done,
    )


def waves_of(session: orm.Session, recall_id: int, people: People, span: Span) -> list[Wave]:
    """The waves of all campaigns for a recall that had begun by the end of the span."""
    rows = session.execute(
        sa.select(Campaign, CampaignWave)
        .join(CampaignWave, CampaignWave.campaign_id == Campaign.id)
        .where(Campaign.recall_id == recall_id, CampaignWave.started_at < span.until)
        .order_by(Campaign.id, CampaignWave.number)
    ).all()
    return [_wave(session, campaign, wave, people, span) for campaign, wave in rows]


def _wave(session: orm.Session, campaign: Campaign, wave: CampaignWave, people: People, span: Span) -> Wave:
    until = CampaignContact.reached_at < span.until
    contacts, reached, in_span = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(sa.case((until, 1), else_=0)), 0),
            sa.func.coalesce(
                sa.func.sum(sa.case((sa.and_(until, CampaignContact.reached_at >= span.since), 1), else_=0)), 0
            ),
        ).where(CampaignContact.wave_id == wave.id)
    ).one()
    answered = session.execute(
        sa.select(CampaignMember.phone_index, CampaignMember.key).where(
            CampaignMember.campaign_id == campaign.id,
            CampaignMember.answered_wave == wave.number,
            CampaignMember.answered_at < span.until,
        )
    ).all()
    helped = sum((index or f"member:{key}") in people.helped for index, key in answered)
    return Wave(
        campaign.name, wave.number, wave.medium, wave.started_at, contacts, int(reached), int(in_span), len(answered),
        helped,
    )  # fmt: skip


def _has_one() -> sa.ColumnElement[bool]:
    """Told of a number that the recall lists, or a remedy chosen; what is only possible makes nobody an owner."""
    return sa.or_(RecallAnswer.certainty == "exact", RecallAnswer.remedy.is_not(None))


def _by(instant: datetime | None, until: datetime) -> bool:
    return instant is not None and instant < until


def _owners(session: orm.Session, recall_id: int, until: datetime) -> set[str]:
    """Numbers of people who own a product that the recall lists."""
    rows = session.execute(
        sa.select(RecallIdentifier.kind, RecallIdentifier.normal).where(
            RecallIdentifier.recall_id == recall_id, RecallIdentifier.is_listed, ~RecallIdentifier.is_doubtful
        )
    ).all()
    whole = [(kind == "gtin", normal) for kind, normal in rows if ANY_DIGIT not in normal]
    found: set[str] = set()
    for is_code in (True, False):
        numbers = sorted(normal for code, normal in whole if code == is_code)
        kind = OwnedIdentifier.kind == "gtin" if is_code else OwnedIdentifier.kind != "gtin"
        for begin in range(0, len(numbers), _AT_ONCE):
            of = sa.and_(kind, OwnedIdentifier.normal.in_(numbers[begin : begin + _AT_ONCE]))
            found |= {index for index, _ in _with_number(session, of, until)}
    for block in sorted({normal for _, normal in rows if ANY_DIGIT in normal}):
        inside = sa.and_(OwnedIdentifier.kind != "gtin", OwnedIdentifier.normal.startswith(block.rstrip(ANY_DIGIT)))
        near = _with_number(session, inside, until)
        found |= {index for index, normal in near if block in blocks_around(normal)}
    return found


def _with_number(session: orm.Session, which: sa.ColumnElement[bool], until: datetime) -> Sequence[sa.Row[str, str]]:
    query = (
        sa.select(OwnedProduct.phone_index, OwnedIdentifier.normal)
        .join(OwnedIdentifier, OwnedIdentifier.owned_id == OwnedProduct.id)
        .where(which, OwnedProduct.added_at < until)
    )
    return session.execute(query).all()
