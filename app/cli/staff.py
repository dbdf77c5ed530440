"""`scripts/hotline staff …`: hire, list, change and dismiss people."""

from __future__ import annotations

import click
import sqlalchemy as sa

from app.cli.at_office import at_office
from app.domain.competence import CASE_KINDS
from app.domain.role import Role
from app.models.staff import Staff
from app.services.add_staff import add_staff, change_role, change_skills, disable_staff, find_staff
from app.services.passwords import new_link
from app.services.second_factor import remove_factor
from app.services.set_desk import WAYS, choose_ways

SKILL = click.Choice(CASE_KINDS)
ROLE = click.Choice([role.value for role in Role])


@click.group()
def staff() -> None:
    """The people of the office."""


@staff.command()
@click.argument("email")
@click.option("--name", required=True, help="As colleagues see it.")
@click.option("--role", type=ROLE, required=True)
@click.option("--phone", metavar="E164", help="The agent's telephone; without one they take no calls.")
@click.option("--languages", required=True, metavar="de,en", help="Spoken with customers; the first one is their own.")
@click.option("--skill", "skills", type=SKILL, multiple=True, help="A kind of case they handle; without: every kind.")
@click.option("--available", is_flag=True, help="Calls may be put through at once.")
def add(
    email: str, name: str, role: str, phone: str | None, languages: str, skills: tuple[str, ...], *, available: bool
) -> None:
    """Hire somebody, and print the link by which they set their password once."""
    with at_office() as office:
        with office.database.sessions.begin() as session:
            _, token = add_staff(
                session,
                email=email,
                name=name,
                role=Role(role),
                phone=phone,
                languages=[code.strip() for code in languages.split(",") if code.strip()],
                skills=skills,
                country=next(iter(office.hotlines)).country,
                available=available,
                now=office.clock.now(),
                wall_now=office.wall.now(),
            )
        _print_link(office.settings.public_url, name, token)


@staff.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a new link by which somebody sets their password; an earlier one no longer works."""
    with at_office() as office:
        with office.database.sessions.begin() as session:
            person = find_staff(session, email)
            token = new_link(person, wall_now=office.wall.now())
            name = person.name
        _print_link(office.settings.public_url, name, token)


@staff.command("reset-factor")
@click.argument("email")
def reset_factor(email: str) -> None:
    """Give up somebody's authenticator and recovery codes, when both are lost: every login of theirs ends."""
    with at_office() as office, office.database.sessions.begin() as session:
        person = find_staff(session, email)
        remove_factor(session, person, wall_now=office.wall.now())
        name = person.name
    click.echo(f"{name} logs in with the password alone, or sets up a new authenticator if the office asks for one")


@staff.command()
@click.argument("email")
def disable(email: str) -> None:
    """Dismiss somebody: every login of theirs ends, their telephone is not rung any more."""
    with at_office() as office, office.database.sessions.begin() as session:
        disable_staff(session, email, wall_now=office.wall.now())
    click.echo(f"{email} is disabled")


@staff.command()
@click.argument("email")
@click.argument("new_role", metavar="ROLE", type=ROLE)
def role(email: str, new_role: str) -> None:
    """Give somebody another role; they log in anew."""
    with at_office() as office, office.database.sessions.begin() as session:
        change_role(session, email, Role(new_role), wall_now=office.wall.now())
    click.echo(f"{email} is {new_role} now")


@staff.command()
@click.argument("email")
@click.argument("kinds", metavar="[KIND]...", nargs=-1, type=SKILL)
def skills(email: str, kinds: tuple[str, ...]) -> None:
    """Tell which kinds of case somebody handles; none named: every kind."""
    with at_office() as office, office.database.sessions.begin() as session:
        handled = change_skills(session, email, kinds).skills
    click.echo(f"{email} handles {', '.join(handled) or 'every kind of case'}")


@staff.command()
@click.argument("email")
@click.argument("ways", metavar="[text|email]...", nargs=-1, type=click.Choice(WAYS))
def reminders(email: str, ways: tuple[str, ...]) -> None:
    """Tell by what somebody is reminded of promises while they are not at the desk; none named: by both."""
    with at_office() as office, office.database.sessions.begin() as session:
        chosen = choose_ways(session, find_staff(session, email), ways)
    click.echo(f"{email} is reminded by {' and '.join(chosen)}")


@staff.command("list")
def list_() -> None:
    """Who works here."""
    with at_office() as office, office.database.reads() as session:
        for person in session.scalars(sa.select(Staff).order_by(Staff.email)):
            status = "disabled" if person.disabled_at else "available" if person.available else "away"
            able = f"{','.join(person.languages)}\t{','.join(person.skills) or 'every kind'}"
            click.echo(f"{person.email}\t{person.name}\t{person.role}\t{able}\t{status}")


def _print_link(public_url: str, name: str, token: str) -> None:
    click.echo(f"{name} sets a password here, once, within three days:")
    click.echo(f"{public_url}/desk/welcome/{token}")
