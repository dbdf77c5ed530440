"""The second factor: set up by who logs in, asked for at each login, given up or lost."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid
from app.domain.one_time_code import as_typed, new_recovery_codes, new_secret, step_of
from app.models.engines import Database
from app.models.login_pace import count_failure, forget_failures, pause
from app.models.one_at_a_time import one_at_a_time
from app.models.second_factor import RecoveryCode, SecondFactor
from app.models.staff import LoginSession, Staff
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.log_in import CODE, Refused
from app.services.logins import Visitor, begin_login, end_logins, log_out

_CODES_OF_TIME = 6  # digits


def has_factor(session: orm.Session, staff_id: int) -> bool:
    """Whether a code of an authenticator is asked for when they log in."""
    factor = session.get(SecondFactor, staff_id)
    return factor is not None and factor.confirmed_at is not None


def offered_secret(session: orm.Session, vault: Vault, staff: Staff, *, wall_now: datetime) -> str:
    """The secret to put into an authenticator; the same one until it is confirmed, so that a reload changes nothing.

    Raises:
        Conflict: if there is an authenticator already; its secret is never shown again.
    """
    secret = new_secret()
    values = {
        "staff_id": staff.id,
        "secret": vault.seal(secret, _place(staff.id)),
        "created_at": wall_now,
        "confirmed_at": None,
        "last_step": 0,
    }
    if insert_absent(session, SecondFactor, values, ("staff_id",)):
        return secret
    factor = session.get_one(SecondFactor, staff.id)
    if factor.confirmed_at is not None:
        raise Conflict("you have an authenticator already; give it up before you set up another one")
    return str(vault.open(factor.secret, _place(staff.id)))


def confirm_factor(session: orm.Session, vault: Vault, staff: Staff, code: str, *, wall_now: datetime) -> list[str]:
    """Take the authenticator into use by its first code; gives the recovery codes, which are kept nowhere in clear.

    Every login of theirs ends; who asked begins a new one.

    Raises:
        Invalid: if the code is not the one that the authenticator shows.
        Conflict: if there is nothing to confirm.
    """
    factor = session.get(SecondFactor, staff.id)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict("there is no authenticator to confirm")
    step = step_of(str(vault.open(factor.secret, _place(staff.id))), as_typed(code), wall_now)
    if step is None:
        raise Invalid("code", "is not what the authenticator shows now; check the time of your telephone")
    factor.confirmed_at, factor.last_step = wall_now, step
    end_logins(session, staff.id, wall_now=wall_now)
    return renew_recovery_codes(session, vault, staff)


def renew_recovery_codes(session: orm.Session, vault: Vault, staff: Staff) -> list[str]:
    """New recovery codes; the earlier ones are worth nothing from now on."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    codes = new_recovery_codes()
    session.add_all(
        RecoveryCode(staff_id=staff.id, code_index=_index(vault, staff.id, code), used_at=None) for code in codes
    )
    return codes


def recovery_codes_left(session: orm.Session, staff_id: int) -> int:
    """How many recovery codes have not been used."""
    good = sa.select(sa.func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return session.scalar(good) or 0


def show_code(database: Database, vault: Vault, visitor: Visitor, code: str, *, wall_now: datetime) -> str | Refused:
    """Go on from a login that awaits a code to one that is whole; gives its token, and the half one ends.

    Returns:
        `Refused` if the code is not right, or has let somebody in before; wrong ones slow down the next.
    """
    if visitor.awaits != CODE:
        return Refused()
    with database.sessions.begin() as session:
        staff = session.get_one(Staff, visitor.staff.id)
        refused = check_code(session, vault, staff, code, wall_now=wall_now)
        if refused is not None:
            return refused
        half = sa.select(LoginSession).where(
            LoginSession.token_hash == visitor.token_hash, LoginSession.ended_at.is_(None)
        )
        begun = session.scalar(half)
        if begun is None or staff.disabled_at is not None:  # it ended while the code was on its way
            return Refused()
        log_out(session, visitor.token_hash, wall_now=wall_now)
        return begin_login(session, staff, wall_now=wall_now, sealed_origin=begun.origin)


def check_code(session: orm.Session, vault: Vault, staff: Staff, code: str, *, wall_now: datetime) -> Refused | None:
    """Use up a code of somebody's authenticator, or a recovery code; None if it was right."""
    index = vault.index(f"second_factors:{staff.id}")
    one_at_a_time(session, f"login:{index}")
    wait = pause(session, index, wall_now)
    if wait is not None:
        return Refused(wait)
    typed = as_typed(code)
    is_good = _use_time_code if typed.isdecimal() and len(typed) == _CODES_OF_TIME else _use_recovery_code
    if not is_good(session, vault, staff, typed, wall_now):
        return Refused(count_failure(session, index, wall_now))
    forget_failures(session, index)
    return None


def remove_factor(session: orm.Session, staff: Staff, *, wall_now: datetime) -> None:
    """Give up somebody's authenticator and recovery codes; every login of theirs ends."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    session.execute(sa.delete(SecondFactor).where(SecondFactor.staff_id == staff.id))
    end_logins(session, staff.id, wall_now=wall_now)


def _use_time_code(session: orm.Session, vault: Vault, staff: Staff, code: str, wall_now: datetime) -> bool:
    factor = session.get(SecondFactor, staff.id)
    if factor is None or factor.confirmed_at is None:
        return False
    step = step_of(str(vault.open(factor.secret, _place(staff.id))), code, wall_now)
    if step is None:
        return False
    newer = (
        sa.update(SecondFactor)
        .where(SecondFactor.staff_id == staff.id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.staff_id)
    )
    return session.scalar(newer) is not None


def _use_recovery_code(session: orm.Session, vault: Vault, staff: Staff, code: str, wall_now: datetime) -> bool:
    used = (
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff.id,
            RecoveryCode.code_index == _index(vault, staff.id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=wall_now)
        .returning(RecoveryCode.id)
    )
    return session.scalar(used) is not None


def _place(staff_id: int) -> str:
    return f"second_factors:secret:{staff_id}"


def _index(vault: Vault, staff_id: int, code: str) -> str:
    return vault.index(f"recovery_codes:{staff_id}:{as_typed(code)}")
