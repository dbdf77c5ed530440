"""`scripts/hotline keeping …`: what is kept and until when; holds, histories and erasures."""

from __future__ import annotations

import json

import click
import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.what_is_kept import what_is_kept
from app.cli.at_office import at_office
from app.domain.errors import Invalid, NotFound
from app.domain.phone_number import parse_phone
from app.domain.protocol import read_protocol
from app.models.case import Case
from app.models.keeping import DataRequest
from app.services.data_requests import MEDIA, ask_erasure, ask_history, document_of
from app.services.hold_matter import hold_matter, lift_hold

_OPERATOR = "operator"


@click.group()
def keeping() -> None:
    """What is kept and until when; what customers ask about their own data."""


@keeping.command()
def due() -> None:
    """Tell every open request with its deadline, every hold, and what is deleted next."""
    with at_office() as office, office.database.reads() as session:
        kept = what_is_kept(session, office.vault, now=office.clock.now())
        for each in kept.requests:
            row, late = each.row, " LATE" if each.is_late else ""
            about = f" {each.about}" if row.kind == "history" else ""
            click.echo(
                f"{each.row.kind}{about} {each.row.key}: {each.row.status}, due {each.row.due_at:%F %T} UTC{late}"
            )
        for held in kept.holds:
            click.echo(f"hold {held.protocol}: {held.reason}")
        for gone in kept.deletions:
            click.echo(f"{gone.number} {gone.what} go on {gone.on}")


@keeping.command()
@click.argument("protocol")
@click.option("--medium", type=click.Choice(MEDIA), default="electronic", show_default=True)
def history(protocol: str, medium: str) -> None:
    """Take down that a customer wants the history of a matter; the clock writes it. Prints the request's key."""
    with at_office() as office, office.database.sessions.begin() as session:
        case = _case(session, protocol)
        hotline = office.board.hotline_named(case.hotline)
        asked = ask_history(session, office.vault, case, hotline, medium, _OPERATOR, now=office.clock.now())
        click.echo(asked.key)


@keeping.command()
@click.argument("phone")
@click.confirmation_option(prompt="Erase everything that was told under this number?")
def erase(phone: str) -> None:
    """Have everything erased that was told under a telephone number. Prints the request's key."""
    with at_office() as office, office.database.sessions.begin() as session:
        hotline = next(iter(office.hotlines))
        number = parse_phone(phone, hotline.country)
        if number is None:
            raise Invalid("phone", "is no telephone number")
        click.echo(ask_erasure(session, office.vault, number, hotline, _OPERATOR, now=office.clock.now()).key)


@keeping.command()
@click.argument("key")
def document(key: str) -> None:
    """Print the history or the certificate of a request as JSON."""
    with at_office() as office, office.database.reads() as session:
        asked = session.scalar(sa.select(DataRequest).where(DataRequest.key == key))
        paper = document_of(office.vault, asked) if asked is not None else None
        if paper is None:
            raise NotFound("document")
        click.echo(json.dumps(paper, indent=2, ensure_ascii=False))


@keeping.command()
@click.argument("protocol")
@click.option("--reason", required=True)
def hold(protocol: str, reason: str) -> None:
    """Place a legal hold: nothing of this matter is removed until it is lifted."""
    with at_office() as office, office.database.sessions.begin() as session:
        hold_matter(session, office.vault, _case(session, protocol), reason, _OPERATOR, now=office.clock.now())


@keeping.command()
@click.argument("protocol")
def lift(protocol: str) -> None:
    """Lift the legal hold of a matter."""
    with at_office() as office, office.database.sessions.begin() as session:
        lift_hold(session, office.vault, _case(session, protocol), _OPERATOR, now=office.clock.now())


def _case(session: orm.Session, typed: str) -> Case:
    case = session.scalar(sa.select(Case).where(Case.protocol == (read_protocol(typed) or "")))
    if case is None:
        raise NotFound("case")
    return case
