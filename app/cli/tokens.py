"""`scripts/hotline tokens …`: let other systems use the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import click
import sqlalchemy as sa

from app.cli.at_office import at_office
from app.domain.scope import READS, Scope
from app.models.staff import ApiToken
from app.services.add_staff import find_staff
from app.services.add_token import add_token, revoke_token

SCOPE: Final = click.Choice([scope.value for scope in Scope])


@click.group()
def tokens() -> None:
    """What other systems show to use the API."""


@tokens.command()
@click.argument("name")
@click.option("--scope", "scopes", type=SCOPE, multiple=True, help="What it opens; without: all that reads.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it is good; without: until it is revoked.")
@click.option("--as", "email", metavar="EMAIL", help="In whose name it writes, and whose permissions bound it.")
def add(name: str, scopes: tuple[str, ...], days: int | None, email: str | None) -> None:
    """Make a token called NAME; the last line printed is the token, and it is printed only now."""
    lasts = timedelta(days=days) if days is not None else None
    with at_office() as office, office.database.sessions.begin() as session:
        acts_for = find_staff(session, email) if email else None
        token = add_token(
            session, name, scopes=scopes or READS, lasts=lasts, acts_for=acts_for, wall_now=office.wall.now()
        )
    click.echo("Keep this token; it cannot be shown again. Use it as: Authorization: Bearer TOKEN", err=True)
    click.echo(token)


@tokens.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Let the token called NAME no longer in."""
    with at_office() as office, office.database.sessions.begin() as session:
        revoke_token(session, name, wall_now=office.wall.now())
    click.echo(f"{name} is revoked")


@tokens.command("list")
def list_() -> None:
    """The tokens there are, by name."""
    with at_office() as office, office.database.reads() as session:
        for token in session.scalars(sa.select(ApiToken).order_by(ApiToken.name)):
            until = token.expires_at.isoformat() if token.expires_at else "no end"
            is_good = token.revoked_at is None and (token.expires_at is None or token.expires_at > office.wall.now())
            opens = ",".join(token.scopes)
            click.echo(
                f"{token.name}\t{opens}\t{token.created_at.isoformat()}\t{until}\t{'good' if is_good else 'over'}"
            )
