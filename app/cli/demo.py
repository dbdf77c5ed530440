"""`scripts/hotline demo …`: a small office to try things with, on this machine only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click
import sqlalchemy as sa

from app.cli.at_office import at_office
from app.cli.demo_office import PEOPLE, DemoPerson
from app.models.staff import Staff
from app.runtime import Runtime
from app.services.add_staff import add_staff
from app.services.passwords import set_password

_WORDS_FILE = "demo-logins.txt"


@click.group()
def demo() -> None:
    """A small office to try things with."""


@demo.command()
def load() -> None:
    """Hire the demo office, unless it is there already; passwords are made up here and written to a file under var/."""
    with at_office() as office:
        if not office.is_local:
            raise click.ClickException("the demo office is for a PUBLIC_URL on a loopback address only")
        logins = dict(filter(None, (_hire(office, person) for person in PEOPLE)))
        file = office.settings.var_dir / _WORDS_FILE
        if logins:
            _write(file, logins)
        click.echo(f"demo office: {', '.join(person.name for person in PEOPLE)}; their logins are in {file}")


def _hire(office: Runtime, person: DemoPerson) -> tuple[str, str] | None:
    with office.database.sessions.begin() as session:
        if session.scalar(sa.select(Staff.id).where(Staff.email == person.email)) is not None:
            return None
        staff, _ = add_staff(
            session,
            email=person.email,
            name=person.name,
            role=person.role,
            phone=person.phone,
            languages=person.languages,
            country="DE",
            available=person.phone is not None,
            now=office.clock.now(),
            wall_now=office.wall.now(),
        )
        password = "-".join(secrets.token_hex(3) for _ in range(3))
        set_password(session, staff, password, wall_now=office.wall.now())
    return person.email, password


def _write(file: Path, logins: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as out:
        out.writelines(f"{email}\t{password}\n" for email, password in logins.items())
