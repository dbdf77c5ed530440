"""Attempts without news: the network is asked about them before anybody is rung again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.domain.call import LegStatus, is_over
from app.domain.clock import Clock
from app.domain.errors import NetworkFailure
from app.domain.promise import AttemptResult
from app.domain.telephone import addresses_of
from app.models.campaign import CampaignContact, CampaignMember
from app.models.promise import Attempt, Promise, is_at_a_stage_under_way
from app.models.ready import Row, ask, look, table_of
from app.models.staff import Staff
from app.services.bridge_call import advance, find_attempt
from app.services.dial_attempt import Graces
from app.services.end_contact import contact_of, end_contact, note_rung
from app.services.end_leg import end_with, hotline_of, leg_over
from app.services.one_by_one import one_by_one
from app.services.start_contact import phone_of_member
from app.services.take_turn import Switchboard
from app.telephony.port import FoundLeg, Phone

_log = structlog.get_logger()

_STILL_TALKING: Final = sa.update(table_of(Attempt)).where(table_of(Attempt).c.key == sa.bindparam("of_key"))
_DOUBTFUL: Final = sa.select(Attempt.key, Attempt.network_id, Attempt.wall_at).where(
    is_at_a_stage_under_way(),
    sa.or_(
        sa.and_(Attempt.stage == "intended", Attempt.network_id.is_(None), Attempt.wall_at < sa.bindparam("intended")),
        sa.and_(Attempt.network_id.is_not(None), Attempt.wall_at < sa.bindparam("heard")),
    ),
)


def reconcile_attempts(
    board: Switchboard,
    phone: Phone,
    graces: Graces,
    *,
    clock: Clock,
    wall: Clock,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Ask the network about every attempt without news; gives how many were settled.

    Nothing is ever dialled here: an attempt that turns out never to have been dialled ends, and its promise is due
    again.

    Args:
        go_on: asked before each attempt; False leaves the rest to the next time.
    """
    wall_now = wall.now()
    doubtful = look(board.database, _DOUBTFUL, intended=wall_now - graces.ask, heard=wall_now - graces.silent)

    def settle(doubt: Row) -> bool:
        key, network_id, wall_at = doubt
        try:
            if network_id is None:
                return _look_for(board, phone, key, wall_at, graces, clock, wall)
            return look_at(board, key, phone.leg(network_id), clock, wall)
        except NetworkFailure:
            _log.warning("the network could not be asked about an attempt", attempt=key)
            return False

    return one_by_one(doubtful, settle, go_on)


def _look_for(
    board: Switchboard,
    phone: Phone,
    key: str,
    wall_at: datetime,
    graces: Graces,
    clock: Clock,
    wall: Clock,
) -> bool:
    """Find the leg of an attempt whose dialler died or got no answer."""
    with board.database.reads() as session:
        addresses, taken = _rung(board, session, key)
    found = [leg for address in addresses for leg in phone.find(address, since=wall_at)]
    legs = [leg for leg in found if leg.network_id not in taken]
    wall_now = wall.now()
    with board.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None or attempt.stage != "intended" or attempt.network_id is not None:
            return False
        if legs:
            oldest = legs[-1]
            advance(session, key, "placed", network_id=oldest.network_id, wall_at=wall_now)
            session.refresh(attempt)
            note_rung(session, attempt, oldest.status, now=clock.now())
            if is_over(oldest.status):
                leg_over(
                    board, session, attempt, oldest.status, seconds=oldest.seconds, now=clock.now(), wall_now=wall_now
                )
            return True
        if wall_now - wall_at < graces.give_up:
            return False
        if attempt.contact_id is not None:
            hotline = hotline_of(board, session, attempt)
            return end_contact(session, attempt, hotline, None, now=clock.now(), wall_now=wall_now)
        end_with(board, session, attempt, AttemptResult.CANCELED, clock.now(), wall_now)
        return True


def _rung(board: Switchboard, session: orm.Session, key: str) -> tuple[list[str], set[str | None]]:
    """Where an attempt may have rung first, and the legs to there that are known to belong to others.

    Nowhere if it was somebody who has been erased meanwhile.
    """
    attempt = session.scalars(sa.select(Attempt).where(Attempt.key == key)).one()
    if attempt.contact_id is None:
        staff_id = attempt.staff_id
        theirs = session.scalars(sa.select(Attempt.network_id).where(Attempt.staff_id == staff_id))
        return addresses_of(session.get_one(Staff, staff_id)), set(theirs)
    member = session.get_one(CampaignMember, contact_of(session, attempt).member_id)
    same = sa.or_(
        Attempt.contact_id.in_(
            sa.select(CampaignContact.id)
            .join(CampaignMember, CampaignMember.id == CampaignContact.member_id)
            .where(CampaignMember.phone_index == member.phone_index)
        ),
        Attempt.promise_id.in_(sa.select(Promise.id).where(Promise.phone_index == member.phone_index)),
    )
    legs = session.execute(sa.select(Attempt.network_id, Attempt.customer_network_id).where(same)).all()
    number = phone_of_member(board.vault, member)
    return [number] if number else [], {each for pair in legs for each in pair}


def look_at(board: Switchboard, key: str, leg: FoundLeg | None, clock: Clock, wall: Clock) -> bool:
    """Settle an attempt by what the network tells about its leg: the last webhook was lost, or there will be none."""
    with board.database.sessions.begin() as session:
        attempt = find_attempt(session, key)
        if attempt is None or attempt.stage == "ended":
            return False
        if leg is not None and not is_over(leg.status):
            ask(session, _STILL_TALKING, of_key=key, wall_at=wall.now())  # ask again later
            return False
        status = leg.status if leg is not None else LegStatus.FAILED
        seconds = leg.seconds if leg is not None else None
        leg_over(board, session, attempt, status, seconds=seconds, now=clock.now(), wall_now=wall.now())
        return True
