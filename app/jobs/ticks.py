"""What the clock does at each tick, and how often: look for rows that are due. Restarting loses nothing."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from app.domain.call import LegStatus, is_over
from app.domain.errors import NetworkFailure
from app.jobs import upkeep
from app.jobs.signs_of_life import SignsOfLife
from app.models.call import Call
from app.models.dial_pace import pause_of
from app.models.office import Heartbeat
from app.models.ready import Row, ask, look, table_of
from app.models.spool import Spool
from app.models.upsert import insert_absent
from app.runtime import Runtime
from app.services.break_promises import break_promises
from app.services.converse import end_idle
from app.services.deliver_events import deliver_events
from app.services.deliver_orders import deliver_orders
from app.services.dial_attempt import Graces, dial
from app.services.lead_waves import lead_waves
from app.services.one_by_one import one_by_one
from app.services.order_callers import Caller
from app.services.post_letters import post_letters
from app.services.reconcile_attempts import reconcile_attempts
from app.services.remind import say_reminders
from app.services.replay_spool import replay_spool
from app.services.repromise import AT_ONCE, forewarn, own_up
from app.services.send_outbox import recover_outbox, send_outbox
from app.services.settle_call import note_leg_status
from app.services.shed_overload import Owed
from app.services.start_attempts import Intent, TooFast, promise_intent, push_ahead, wait_intent
from app.services.start_contact import NoLine, contact_intent, due_contacts, put_off, waves_to_dial
from app.services.who_is_next import who_is_next
from app.telephony.port import Phone

ASK_ABOUT_CALLS = timedelta(minutes=5)  # the machine's time; a call without an end is asked about so often
FORESEE_EVERY = timedelta(minutes=1)  # office time
_log = structlog.get_logger()


_DIALLING_SECONDS: Final = 2.0  # of the machine; longer than this no tick waits for the pace


class Office:
    """The clock process's view: the runtime, the phone network, and who it is."""

    def __init__(
        self,
        runtime: Runtime,
        phone: Phone,
        graces: Graces | None = None,
        rest: Callable[[float], object] | None = None,
    ) -> None:
        """Take what ticks work with.

        Args:
            graces: how long doubts are waited out; None for the standard.
            rest: sleeps so many seconds of the machine; None to leave what must wait to the next tick.
        """
        self.runtime = runtime
        self.phone = phone
        self.billing = runtime.billing()
        self.mail = runtime.mail()
        self.graces = graces or Graces()
        self.rest = rest
        self.worker = f"{socket.gethostname()}-{os.getpid()}"
        self.foresaw_at: datetime | None = None  # office time; None before the first look ahead
        self.stopping = threading.Event()  # set: begin nothing more
        self.life = SignsOfLife(
            {tick.name: tick.hangs_after for tick in TICKS}, waits=runtime.database.is_waited_for_by
        )

    def goes_on(self, name: str) -> Callable[[], bool]:
        """What a tick asks before each step: it gives a sign of life, and tells whether to begin anything more."""

        def asked() -> bool:
            self.life.sign(name)
            return not self.stopping.is_set()

        return asked


def start_attempts(office: Office) -> int:
    """Serve waiting callers and promises in their order; each intent is dialled after its commit.

    Returns:
        How many were dialled, one more if others must wait for the pace of dialling.
    """
    rt = office.runtime
    rank = who_is_next(rt.board, now=rt.clock.now(), wall_now=rt.wall.now())
    taken: set[int] = set()
    patience, go_on = _DIALLING_SECONDS, office.goes_on("start attempts")
    for each in rank.one_after_the_other(taken):
        intent, patience = _paced(office, each, patience)
        if patience < 0:
            return len(taken) + 1
        if intent is not None:
            taken.add(intent.staff_id or 0)
            dial(rt.board, office.phone, intent, office.graces, clock=rt.clock, wall=rt.wall)
        if not go_on():
            break
    return len(taken)


def _paced(office: Office, each: Caller | Owed, patience: float) -> tuple[Intent | None, float]:
    """The intent, once it is time for the next dial; and how long may be waited further, less than 0 if too long."""
    while True:
        pause = _pause(office)
        if pause == 0:
            try:
                return _intended(office, each), patience
            except TooFast:  # another process was faster
                pause = min(1 / office.runtime.settings.calls_per_second, _DIALLING_SECONDS) / 2
        patience -= pause
        if office.rest is None or patience < 0 or office.stopping.is_set():
            return None, -1.0
        office.rest(pause)


def _pause(office: Office) -> float:
    """Seconds until it may be time for the next dial, asked before anything is done for it in vain."""
    if office.rest is None:
        return 0.0
    return pause_of(office.runtime.database, wall_now=office.runtime.wall.now()).total_seconds()


def _intended(office: Office, each: Caller | Owed) -> Intent | None:
    rt = office.runtime
    now, wall_now, pace = rt.clock.now(), rt.wall.now(), rt.settings.calls_per_second
    try:
        if isinstance(each, Caller):
            own = each.by_own_people
            return wait_intent(rt.board, each.call_key, now=now, wall_now=wall_now, per_second=pace, by_own_people=own)
        lease = office.graces.lease
        return promise_intent(
            rt.board, each.id, office.worker, now=now, wall_now=wall_now, lease=lease, per_second=pace
        )
    except TooFast:
        raise
    except Exception:  # noqa: BLE001 - the tick loop: one bad row never stops the others
        _log.exception("somebody could not be served", who=each[0])
        if isinstance(each, Owed):
            push_ahead(rt.board, each.id, now=now)
        return None


def start_contacts(office: Office) -> int:
    """Ring whom campaigns concern, at each one's pace and never in the way of a promise.

    Returns:
        How many were rung.
    """
    rt = office.runtime
    rung, go_on = 0, office.goes_on("start contacts")
    pace, lease = rt.settings.calls_per_second, office.graces.lease
    for wave_id in waves_to_dial(rt.board, wall_now=rt.wall.now()):
        for contact_id in due_contacts(rt.board, wave_id, now=rt.clock.now()):
            now, wall_now = rt.clock.now(), rt.wall.now()
            try:
                intent = contact_intent(
                    rt.board, contact_id, office.worker, now=now, wall_now=wall_now, lease=lease, per_second=pace
                )
            except TooFast:
                return rung
            except NoLine:
                break
            except Exception:  # noqa: BLE001 - the tick loop: one bad row never stops the others
                _log.exception("somebody could not be rung for a campaign", contact=contact_id)
                put_off(rt.board, contact_id, now=now)
                continue
            if intent is not None:
                rung += 1
                dial(rt.board, office.phone, intent, office.graces, clock=rt.clock, wall=rt.wall)
            if not go_on():
                return rung
    return rung


def lead(office: Office) -> int:
    """Open and close the waves of campaigns, send their messages, and pause those that may not go on."""
    rt = office.runtime
    return lead_waves(rt.board, now=rt.clock.now(), go_on=office.goes_on("lead campaigns"))


def reconcile(office: Office) -> int:
    """Ask the network about attempts without news."""
    rt = office.runtime
    go_on = office.goes_on("reconcile")
    return reconcile_attempts(rt.board, office.phone, office.graces, clock=rt.clock, wall=rt.wall, go_on=go_on)


def send(office: Office) -> int:
    """Send what waits in the outbox."""
    rt = office.runtime
    recover_outbox(rt.board, now=rt.clock.now(), wall_now=rt.wall.now())
    return send_outbox(rt.board, office.phone, clock=rt.clock, wall=rt.wall, go_on=office.goes_on("send"))


def deliver(office: Office) -> int:
    """Send what waits for the billing system."""
    rt = office.runtime
    return deliver_orders(rt.board, office.billing, clock=rt.clock, wall=rt.wall)


def tell(office: Office) -> int:
    """Tell other systems of events."""
    rt, go_on = office.runtime, office.goes_on("tell of events")
    return deliver_events(
        rt.database, rt.vault, may_be_private=rt.may_tell_neighbours, clock=rt.clock, wall=rt.wall, go_on=go_on
    )


def post(office: Office) -> int:
    """Send what waits for the mail server."""
    rt = office.runtime
    return post_letters(rt.board, office.mail, clock=rt.clock, wall=rt.wall, go_on=office.goes_on("post letters"))


def break_overdue(office: Office) -> int:
    """End promises that can no longer be kept."""
    rt = office.runtime
    return break_promises(rt.board, now=rt.clock.now())


def remind(office: Office) -> int:
    """Remind our own people of promises while they can still be kept."""
    rt = office.runtime
    return say_reminders(rt.board, now=rt.clock.now(), by_mail=office.mail is not None)


def foresee(office: Office) -> int:
    """Tell customers of promises that cannot be kept any more, before they are broken, or at their deadline."""
    rt = office.runtime
    now = rt.clock.now()
    late = own_up(rt.board, now=now)
    if office.foresaw_at is not None and timedelta(0) <= now - office.foresaw_at < FORESEE_EVERY:
        return late
    told = forewarn(rt.board, now=now, wall_now=rt.wall.now())
    office.foresaw_at = now if told < AT_ONCE else None  # the others at the next tick
    return late + told


_TO_SETTLE: Final = (
    sa.select(Call.key, Call.network_id)
    .where(
        Call.channel == "phone",
        Call.settled_at.is_(None),
        sa.or_(Call.seen_at < sa.bindparam("silent_since"), Call.ended_at.is_not(None)),
    )
    .limit(50)
)


_SEEN: Final = sa.update(table_of(Call)).where(table_of(Call).c.key == sa.bindparam("of_key"))


def close_calls(office: Office) -> int:
    """Ask the network about calls whose end nobody told us, and settle them; end conversations that went silent."""
    rt = office.runtime
    wall_now = rt.wall.now()
    ended = end_idle(rt.board, now=rt.clock.now(), wall_now=wall_now)
    silent = look(rt.database, _TO_SETTLE, silent_since=wall_now - ASK_ABOUT_CALLS)

    def close(call: Row) -> bool:
        key, network_id = call
        try:
            leg = office.phone.leg(network_id)
        except NetworkFailure:
            _log.warning("the network could not be asked about a call", call=key)
            return False
        status = leg.status if leg is not None else LegStatus.COMPLETED
        with rt.database.sessions.begin() as session:
            ask(session, _SEEN, of_key=key, seen_at=wall_now)
        if not is_over(status):
            return False
        seconds = leg.seconds if leg is not None and leg.seconds else 0
        note_leg_status(
            rt.board, network_id, status, sequence="clock", seconds=seconds, now=rt.clock.now(), wall_now=wall_now
        )
        return True

    return ended + one_by_one(silent, close, office.goes_on("close calls"))


def replay(office: Office) -> int:
    """Bring in what the spool kept while the database was away."""
    rt = office.runtime
    spool = Spool(rt.settings.var_dir / "spool", rt.vault)
    return replay_spool(rt.board, spool, rt.hotlines.of, now=rt.clock.now(), wall_now=rt.wall.now())


def heartbeat(office: Office) -> None:
    """A sign of life that every other process can read: of the last moment at which no tick stood still."""
    now = office.runtime.wall.now() - timedelta(seconds=office.life.silent_seconds())
    with office.runtime.database.sessions.begin() as session:
        insert_absent(session, Heartbeat, {"worker": office.worker, "at": now, "ticks": 0}, ("worker",))
        session.execute(
            sa.update(Heartbeat).where(Heartbeat.worker == office.worker).values(at=now, ticks=Heartbeat.ticks + 1)
        )
        session.execute(sa.delete(Heartbeat).where(Heartbeat.at < now - timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Tick:
    """Something the clock does again and again; `seconds` are the machine's."""

    name: str
    run: Callable[[Office], object]
    seconds: float
    hangs_after: float = 8.0  # of the machine; without a sign of life for so long the process ends itself
    is_upkeep: bool = False  # of the office's own books; simulated days do without


TICKS = (
    Tick("start attempts", start_attempts, 0.5),
    Tick("start contacts", start_contacts, 0.5),
    Tick("send", send, 0.5),
    Tick("deliver orders", deliver, 1, hangs_after=60),
    Tick("post letters", post, 1, hangs_after=60),
    Tick("tell of events", tell, 1, hangs_after=60, is_upkeep=True),
    Tick("lead campaigns", lead, 5, hangs_after=60),
    Tick("reconcile", reconcile, 2),
    Tick("break overdue", break_overdue, 2),
    Tick("remind", remind, 2),
    Tick("foresee", foresee, 5, hangs_after=60),
    Tick("heartbeat", heartbeat, 1),
    Tick("close calls", close_calls, 15),
    Tick("replay spool", replay, 5),
    Tick("keep call log", upkeep.keep_log, 2, hangs_after=60, is_upkeep=True),
    Tick("watch hazards", upkeep.watch_hazards, 5, hangs_after=120, is_upkeep=True),
    Tick("write files", upkeep.write_files, 2, hangs_after=120, is_upkeep=True),
    Tick("write reports", upkeep.write_reports, 60, hangs_after=120, is_upkeep=True),
    Tick("seal journal", upkeep.seal, 3, hangs_after=120, is_upkeep=True),
    Tick("check journal", upkeep.check, 20, hangs_after=120, is_upkeep=True),
    Tick("keep books", upkeep.keep_books, 15, hangs_after=120, is_upkeep=True),
)
