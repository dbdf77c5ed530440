"""`scripts/hotline campaigns …`: draw recall campaigns up, lead them, and tell how far they have come."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import click
import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.campaign_progress import CampaignProgress, campaign_progress
from app.cli.at_office import at_office
from app.domain.campaign import USUAL_WAVES, CampaignPlan, Medium, Origin, WavePlan
from app.domain.errors import NotFound
from app.models.campaign import Campaign
from app.models.recall import RecallRow
from app.runtime import Runtime
from app.services.draw_up_campaign import draw_up_campaign
from app.services.lead_campaign import find_campaign, needs_second_person, pause, people_told, resume, start, stop

ORIGIN: Final = click.Choice([str(each) for each in Origin])
MEDIUM: Final = click.Choice([str(each) for each in Medium])


@click.group()
def campaigns() -> None:
    """Recall campaigns: who is called and written to."""


@campaigns.command("list")
def list_() -> None:
    """Tell of every campaign, the newest first."""
    with at_office() as office, office.database.reads() as session:
        rows = session.execute(
            sa.select(Campaign, RecallRow.number)
            .join(RecallRow, RecallRow.id == Campaign.recall_id)
            .order_by(Campaign.id.desc())
        ).all()
        for campaign, number in rows:
            told = people_told(session, campaign)
            cause = f" ({campaign.cause})" if campaign.cause else ""
            click.echo(f"{campaign.id}  {campaign.status}{cause}  recall {number}  {campaign.name}: {told} to be told")
    if not rows:
        click.echo("no campaigns")


@campaigns.command("draw-up")
@click.argument("recall")
@click.option("--name", help="As colleagues see it; the recall's number if not said.")
@click.option("--who", type=ORIGIN, multiple=True, help="Whom to look for; everybody if not said.")
@click.option(
    "--wave", type=MEDIUM, multiple=True, help="A wave over this medium, in this order; the usual ones if not said."
)
@click.option("--per-second", type=float, default=1.0, show_default=True, help="Dials that may begin in a second.")
@click.option("--lines", type=int, default=10, show_default=True, help="Calls at the same time.")
@click.option("--ceiling", type=int, metavar="CENTS", help="What it may spend at most; no limit if not said.")
@click.option("--hotline", help="By its name in the hotline file; the first one if not said.")
def draw_up(
    recall: str,
    name: str | None,
    who: tuple[str, ...],
    wave: tuple[str, ...],
    per_second: float,
    lines: int,
    ceiling: int | None,
    hotline: str | None,
) -> None:
    """Write a campaign for the recall with the number RECALL down as a draft, and tell whom it concerns."""
    waves = tuple(WavePlan(medium=Medium(each), tries=3 if each == Medium.CALL else 1) for each in wave)
    plan = CampaignPlan(
        name=name or recall,
        audience=tuple(Origin(each) for each in who) or tuple(Origin),
        waves=waves or USUAL_WAVES,
        per_second=per_second,
        lines=lines,
        ceiling_cents=ceiling,
    )
    with at_office() as office:
        with office.database.sessions.begin() as session:
            row = session.scalars(sa.select(RecallRow).where(RecallRow.number == recall).limit(1)).first()
            line = office.hotlines.named(hotline) if hotline else next(iter(office.hotlines))
            if row is None or line is None:
                raise NotFound("recall" if row is None else "hotline")
            campaign = draw_up_campaign(session, office.vault, line, row, plan, None, now=office.clock.now())
            campaign_id = campaign.id
        _tell(office, campaign_id)


@campaigns.command("start")
@click.argument("campaign_id", type=int)
def start_(campaign_id: int) -> None:
    """Let a draft run; above the number of CAMPAIGN_ALONE_UP_TO somebody must have agreed at the desk before."""

    def act(office: Runtime, session: orm.Session, campaign: Campaign) -> None:
        start(session, campaign, above=office.settings.campaign_alone_up_to, now=office.clock.now())

    _lead(campaign_id, act)


@campaigns.command("pause")
@click.argument("campaign_id", type=int)
def pause_(campaign_id: int) -> None:
    """Begin nothing more until it is resumed; calls under way go on."""
    _lead(campaign_id, lambda _office, session, campaign: pause(session, campaign))


@campaigns.command("resume")
@click.argument("campaign_id", type=int)
def resume_(campaign_id: int) -> None:
    """Go on where it was paused."""
    _lead(campaign_id, lambda _office, session, campaign: resume(session, campaign))


@campaigns.command("stop")
@click.argument("campaign_id", type=int)
def stop_(campaign_id: int) -> None:
    """End it for good; telephones that still ring fall silent."""
    _lead(
        campaign_id,
        lambda office, session, campaign: stop(session, office.vault, campaign, now=office.clock.now()),
    )


@campaigns.command()
@click.argument("campaign_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
def report(campaign_id: int, *, as_json: bool) -> None:
    """Tell how far a campaign has come."""
    with at_office() as office:
        if as_json:
            with office.database.reads() as session:
                found = campaign_progress(session, find_campaign(session, campaign_id), now=office.clock.now())
            click.echo(json.dumps(values_of(found), indent=2, ensure_ascii=False))
        else:
            _tell(office, campaign_id)


def _lead(campaign_id: int, act: Any) -> None:
    with at_office() as office:
        with office.database.sessions.begin() as session:
            act(office, session, find_campaign(session, campaign_id))
        with office.database.reads() as session:
            campaign = find_campaign(session, campaign_id)
            click.echo(f"campaign {campaign.id} is {campaign.status}")


def _tell(office: Runtime, campaign_id: int) -> None:
    with office.database.reads() as session:
        campaign = find_campaign(session, campaign_id)
        progress = campaign_progress(session, campaign, now=office.clock.now())
        for line in lines_of(progress):
            click.echo(line)
        if campaign.status == "draft" and needs_second_person(session, campaign, office.settings.campaign_alone_up_to):
            click.echo("a second person must agree at the desk before it can start")


def lines_of(progress: CampaignProgress) -> Iterator[str]:
    """The figures of a campaign for people."""
    campaign = progress.campaign
    cause = f" ({campaign.cause})" if campaign.cause else ""
    yield f"campaign {campaign.id}, {campaign.name}: {campaign.status}{cause}"
    yield f"  {progress.members} people with {progress.units} units; {_listed(progress.left_out, 'left out')}"
    yield f"  {progress.reached} told, {progress.silent} silent; {_listed(progress.answers, 'answered')}"
    for each in progress.waves:
        wave = each.wave
        yield (
            f"  wave {wave.number}, {wave.medium}, {wave.status}: {_listed(each.statuses, 'people')}; "
            f"{each.tries} tries, {each.seconds} s, {each.cents / 100:.2f} spent; {_listed(each.missed, 'missed by')}"
        )
    if progress.ends_at is not None:
        yield f"  at this pace the wave ends at {progress.ends_at:%Y-%m-%d %H:%M} UTC"


def values_of(progress: CampaignProgress) -> Mapping[str, Any]:
    """The figures of a campaign as JSON values."""
    campaign = progress.campaign
    return {
        "campaign": campaign.id,
        "name": campaign.name,
        "status": campaign.status,
        "cause": campaign.cause,
        "members": progress.members,
        "duplicates": progress.duplicates,
        "units": progress.units,
        "left_out": dict(progress.left_out),
        "reached": progress.reached,
        "silent": progress.silent,
        "answers": dict(progress.answers),
        "cents": progress.cents,
        "ends_at": progress.ends_at.isoformat() if progress.ends_at else None,
        "waves": [
            {
                "number": each.wave.number,
                "medium": each.wave.medium,
                "status": each.wave.status,
                "people": dict(each.statuses),
                "missed": dict(each.missed),
                "reached_by": dict(each.reached_by),
                "answers": dict(each.answers),
                "tries": each.tries,
                "seconds": each.seconds,
                "cents": each.cents,
            }
            for each in progress.waves
        ],
    }


def _listed(counts: Mapping[str, int], nothing: str) -> str:
    found = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number)
    return found or f"nobody {nothing}"
