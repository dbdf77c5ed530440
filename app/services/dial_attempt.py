"""The network between two transactions: an intent is dialled, then what came of it is written down.

Whoever dies in between leaves an attempt without a network id. `reconcile_attempts` asks the network about it before
anybody is rung again, because dialling cannot be repeated safely: the network does not recognize a repetition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.domain.call import LegStatus, is_over
from app.domain.clock import Clock
from app.domain.errors import NetworkFailure, NetworkRefused, NetworkUnknown
from app.domain.hotline import Hotline
from app.domain.promise import AttemptResult
from app.domain.telephone import addresses_of, is_softphone
from app.models.call import LegEvent, Wait
from app.models.campaign import CampaignContact, CampaignMember
from app.models.found import get_by_id
from app.models.journal import order_hang_up
from app.models.promise import Attempt, Promise, is_at_a_stage_under_way, promise_of
from app.models.ready import Row, ask, ask_one, look, table_of
from app.models.staff import Staff
from app.services.bridge_call import advance, find_attempt
from app.services.end_attempt import end_attempt
from app.services.end_contact import campaign_of, contact_of, end_contact, note_rung
from app.services.one_by_one import one_by_one
from app.services.softphone import close_softphone, give_up_softphone
from app.services.start_attempts import Intent
from app.services.start_contact import phone_of_member
from app.services.take_turn import Switchboard
from app.telephony.port import FoundLeg, Phone

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Graces:
    """How long the clock waits before it doubts something; the machine's time."""

    lease: timedelta = timedelta(seconds=30)  # a claim, between the intent and its attempt's first sign of life
    ask: timedelta = timedelta(seconds=15)  # an intent without an id is looked for at the network
    give_up: timedelta = timedelta(seconds=60)  # not found by then: it was never dialled
    silent: timedelta = timedelta(seconds=90)  # an attempt without news is asked about


def dial(board: Switchboard, phone: Phone, intent: Intent, graces: Graces, *, clock: Clock, wall: Clock) -> None:
    """Ring whom an intent names and write down what the network said.

    A process that has slept past its lease does not dial: others may have taken over. If it falls asleep later than
    that check, its leg is ended as soon as anybody learns of it, and until then hears that there is nothing for it.
    """
    if wall.now() - intent.wall_at > graces.lease:
        _log.warning("an intent is too old to be dialled", attempt=intent.attempt_key)
        return
    base, key = board.public_url, intent.attempt_key
    is_agent = intent.leg == "agent"
    try:
        network_id = phone.dial(
            intent.phone,
            from_number=intent.hotline_number,
            answer_url=f"{base}/voice/{intent.leg}/{key}",
            status_url=f"{base}/voice/leg/{key}" if is_agent else f"{base}/voice/{intent.leg}/{key}/status",
            ring_seconds=intent.ring_seconds,
            detects_machine=not is_agent,
        )
    except NetworkUnknown:
        _log.warning("no answer about a dial; the network will be asked", attempt=intent.attempt_key)
        return
    except NetworkRefused as refusal:
        _log.warning("dial refused", attempt=intent.attempt_key, code=refusal.code, permanent=refusal.permanent)
        _refused(board, intent, refusal, clock, wall)
        return
    with board.database.sessions.begin() as session:
        _write_placed(board, session, intent.attempt_key, network_id, clock.now(), wall.now())


def _write_placed(
    board: Switchboard, session: orm.Session, key: str, network_id: str, now: datetime, wall_now: datetime
) -> None:
    if advance(session, key, "placed", network_id=network_id, wall_at=wall_now):
        return
    # A webhook was faster, which is fine; or the attempt was given up meanwhile, or has another leg.
    attempt = find_attempt(session, key)
    if attempt is None or attempt.network_id == network_id:
        return
    _log.warning("a leg that came too late is ended", attempt=key)
    order_hang_up(session, board.vault, network_id, now)


def _refused(board: Switchboard, intent: Intent, refusal: NetworkRefused, clock: Clock, wall: Clock) -> None:
    with board.database.sessions.begin() as session:
        attempt = find_attempt(session, intent.attempt_key)
        if attempt is None:
            return
        if attempt.contact_id is not None:
            hotline, hopeless = hotline_of(board, session, attempt), refusal.permanent
            now, wall_now = clock.now(), wall.now()
            end_contact(session, attempt, hotline, None, now=now, wall_now=wall_now, is_hopeless=hopeless)
            return
        _end(board, session, attempt, AttemptResult.NETWORK_REFUSED, clock.now(), wall.now())
        if refusal.permanent:
            # Ringing this telephone can never succeed; another one or others must do until somebody mends it.
            if is_softphone(intent.phone):
                give_up_softphone(session, attempt.staff_id)
            else:
                session.execute(sa.update(Staff).where(Staff.id == attempt.staff_id).values(available=False))


def hotline_of(board: Switchboard, session: orm.Session, attempt: Attempt) -> Hotline:
    """The hotline an attempt is made for."""
    if attempt.contact_id is not None:
        return board.hotline_named(campaign_of(session, attempt).hotline)
    if attempt.promise_id is not None:
        return board.hotline_named(promise_of(session, attempt).hotline)
    return board.hotline_named(get_by_id(session, Wait, attempt.wait_key).hotline)


def _end(
    board: Switchboard,
    session: orm.Session,
    attempt: Attempt,
    result: AttemptResult,
    now: datetime,
    wall_now: datetime,
    seconds: int | None = None,
) -> None:
    hotline = hotline_of(board, session, attempt)
    words = board.present.words
    end_attempt(session, board.vault, words, attempt, hotline, result, now=now, wall_now=wall_now, seconds=seconds)


_AGENT_LEG = {
    LegStatus.BUSY: AttemptResult.AGENT_SILENT,
    LegStatus.NO_ANSWER: AttemptResult.AGENT_SILENT,
    LegStatus.FAILED: AttemptResult.NETWORK_REFUSED,
    LegStatus.CANCELED: AttemptResult.CANCELED,
    LegStatus.COMPLETED: AttemptResult.AGENT_DECLINED,
}
CUSTOMER_LEG = {
    "busy": AttemptResult.BUSY,
    "no-answer": AttemptResult.NO_ANSWER,
    "failed": AttemptResult.FAILED,
    "canceled": AttemptResult.NO_ANSWER,
    "completed": AttemptResult.MACHINE,
}


def leg_over(
    board: Switchboard,
    session: orm.Session,
    attempt: Attempt,
    status: LegStatus,
    *,
    seconds: int | None,
    now: datetime,
    wall_now: datetime,
    is_of_softphone: bool = False,
) -> None:
    """The first leg has ended: so has the attempt, with what is known of the customer's leg.

    Args:
        is_of_softphone: whether the network said that it was the leg of a page in a browser.
    """
    if attempt.contact_id is not None:
        note_rung(session, attempt, status, now=now)
        hotline = hotline_of(board, session, attempt)
        end_contact(session, attempt, hotline, status, now=now, wall_now=wall_now, seconds=seconds)
        return
    if attempt.stage == "dialled":
        told = ask_one(session, _LAST_WORD, attempt_key=attempt.key)
        # The agent hung up while it rang, or the last word about the customer's leg was lost: it rang, so it counts.
        result = CUSTOMER_LEG.get(told or "", AttemptResult.NO_ANSWER)
    elif attempt.stage == "accepted" and attempt.promise_id is not None:
        result = AttemptResult.CANCELED  # the agent was willing, and the customer no longer to be called
    elif is_of_softphone and _was_closed(board, session, attempt, status, wall_now):
        result = AttemptResult.AGENT_UNREACHABLE
        close_softphone(session, attempt.staff_id)
    else:
        result = _AGENT_LEG.get(status, AttemptResult.AGENT_DECLINED)
    _end(board, session, attempt, result, now, wall_now, seconds)


def _was_closed(
    board: Switchboard, session: orm.Session, attempt: Attempt, status: LegStatus, wall_now: datetime
) -> bool:
    """Whether a softphone that nobody answered was no open page, rather than one that rang until the time was over.

    The network tells both alike, and may report that it rings where nothing does; only one of them takes its time.
    """
    ring_seconds = hotline_of(board, session, attempt).callback.ring_seconds
    is_early = wall_now - attempt.wall_at < timedelta(seconds=ring_seconds)
    return status is LegStatus.FAILED or (status is LegStatus.NO_ANSWER and is_early)


_LAST_WORD: Final = (
    sa.select(LegEvent.status)
    .where(
        LegEvent.network_id == sa.bindparam("attempt_key"),
        LegEvent.kind == "customer-leg",
        sa.or_(*(LegEvent.status == each for each in CUSTOMER_LEG)),
    )
    .order_by(LegEvent.id)
    .limit(1)
)
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
        _end(board, session, attempt, AttemptResult.CANCELED, clock.now(), wall_now)
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
