"""`scripts/hotline tokens …`: let other systems read the API."""

from __future__ import annotations

import click
import sqlalchemy as sa

from app.cli.at_office import at_office
from app.models.staff import ApiToken
from app.services.add_token import add_token, revoke_token


@click.group()
def tokens() -> None:
    """What other systems show to read the API."""


@tokens.command()
@click.argument("name")
def add(name: str) -> None:
    """Make a token called NAME; the last line printed is the token, and it is printed only now."""
    with at_office() as office, office.database.sessions.begin() as session:
        token = add_token(session, name, wall_now=office.wall.now())
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
            click.echo(f"{token.name}\t{token.created_at.isoformat()}\t{'revoked' if token.revoked_at else 'good'}")
