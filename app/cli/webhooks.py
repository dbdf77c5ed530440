"""`scripts/hotline webhooks …`: tell other systems of events."""

from __future__ import annotations

from typing import Final

import click
import sqlalchemy as sa

from app.cli.at_office import at_office
from app.domain.told_event import EVENTS
from app.models.subscriber import Delivery, Subscriber, place_of
from app.services.subscribe import deliver_again, find_subscriber, rotate, send_test, subscribe, switch

EVENT: Final = click.Choice(EVENTS)


@click.group()
def webhooks() -> None:
    """Other systems that are told of events."""


@webhooks.command()
@click.argument("name")
@click.argument("url")
@click.option("--event", "events", type=EVENT, multiple=True, help="What it is told of; without: everything.")
@click.option("--with-phone", is_flag=True, help="Tell the customer's number, too.")
def add(name: str, url: str, events: tuple[str, ...], *, with_phone: bool) -> None:
    """Tell the system NAME at URL; the last line printed is the secret, and it is printed only now."""
    with at_office() as office, office.database.sessions.begin() as session:
        secret = subscribe(
            session,
            office.vault,
            name=name,
            url=url,
            events=events or EVENTS,
            with_phone=with_phone,
            may_be_private=office.may_tell_neighbours,
            wall_now=office.wall.now(),
        )
    click.echo("Keep this secret; it cannot be shown again. What is sent is signed with it.", err=True)
    click.echo(secret)


@webhooks.command("list")
def list_() -> None:
    """The systems that are told, what of, and how many events wait or were given up."""
    with at_office() as office, office.database.reads() as session:
        for each in session.scalars(sa.select(Subscriber).order_by(Subscriber.name)):
            theirs = sa.select(sa.func.count()).where(Delivery.subscriber_id == each.id)
            waiting = session.scalar(theirs.where(Delivery.status.in_(("waiting", "sending"))))
            dead = session.scalar(theirs.where(Delivery.status == "dead"))
            url = office.vault.open(each.url, place_of(each, "url"))
            state = "off" if each.disabled_at else "on"
            click.echo(f"{each.name}\t{url}\t{state}\t{waiting} wait\t{dead} given up\t{','.join(each.wants)}")


@webhooks.command("rotate")
@click.argument("name")
def rotate_(name: str) -> None:
    """A new secret for NAME, printed on the last line; for a day what is sent is signed with the old one, too."""
    with at_office() as office, office.database.sessions.begin() as session:
        secret = rotate(office.vault, find_subscriber(session, name), wall_now=office.wall.now())
    click.echo(secret)


@webhooks.command("switch")
@click.argument("name")
@click.argument("state", type=click.Choice(["on", "off"]))
def switch_(name: str, state: str) -> None:
    """Switch NAME on, or off: what waits goes out when it is on again, and nothing new is gathered meanwhile."""
    with at_office() as office, office.database.sessions.begin() as session:
        switch(find_subscriber(session, name), on=state == "on", wall_now=office.wall.now())
    click.echo(f"{name} is {state}")


@webhooks.command()
@click.argument("name")
def test(name: str) -> None:
    """Send NAME an event that says nothing."""
    with at_office() as office, office.database.sessions.begin() as session:
        send_test(session, find_subscriber(session, name), now=office.clock.now())
    click.echo("The clock sends it within a second or two.")


@webhooks.command()
@click.argument("name")
def again(name: str) -> None:
    """Send NAME once more what was given up."""
    with at_office() as office, office.database.sessions.begin() as session:
        number = deliver_again(session, find_subscriber(session, name), None, now=office.clock.now())
    click.echo(f"{number} will be sent again")
