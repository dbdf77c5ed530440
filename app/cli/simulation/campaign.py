"""A recall campaign on the local phone network, with the office's processes killed in the middle of it.

What must have come of it is reckoned from the network's own records and from what people heard.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Final

import sqlalchemy as sa

from app.analytics.campaign_progress import CampaignProgress, campaign_progress
from app.cli.simulation.mortal_office import Death, MortalOffice
from app.cli.simulation.owners import Owner, draw_owners
from app.cli.throwaway import throwaway_office
from app.cli.virtual_office import VirtualOffice
from app.domain.campaign import CampaignPlan, Medium, Origin, WavePlan, cents_of_call
from app.domain.recall import Recall
from app.domain.recall_identifiers import Identifier, IdentifierKind
from app.models.campaign import Campaign, CampaignContact, CampaignMember
from app.models.promise import Attempt
from app.models.recall import RecallRow
from app.services.draw_up_campaign import draw_up_campaign
from app.services.import_owners import import_owners
from app.services.import_recalls import add_recall
from app.services.lead_campaign import start
from app.simulator.leg import Leg

_BEGINS: Final = datetime.fromisoformat("2026-03-02T09:00+01:00")
PER_MINUTE: Final = 9
PER_TEXT: Final = 8
_MODEL: Final = "K100"
_PAGE: Final = "/recalls/"  # stands in the message of a wave, and in none that confirms a choice
_LONGEST: Final = timedelta(days=7)


@dataclass(slots=True)
class CampaignOutcome:
    """What became of everybody, and what is wrong with it."""

    owners: int
    deaths: list[Death]
    began_at: datetime
    ended_at: datetime
    habits: Counter[str]
    figures: CampaignProgress
    legs: int  # calls that the network placed to owners
    rung_twice_after_warning: int
    never_rung: int
    wrong: list[str] = field(default_factory=list)


def simulate_campaign(owners: int, kills: int, seed: int, *, lines: int = 60, proved: bool = False) -> CampaignOutcome:
    """Let a campaign of calls, and a wave of text messages for who did not answer, run to its end.

    Args:
        owners: how many people the recall concerns.
        kills: how often the office dies, spread evenly over the first dials to each.
        lines: calls at the same time.
        proved: the flows have just been proved, and need not be proved again.
    """
    people = draw_owners(owners, seed)
    deaths = {
        max(1, owners * place // (kills + 1)): "before" if place % 2 else "after" for place in range(1, kills + 1)
    }
    with throwaway_office(_BEGINS, seed, silent=True, proved=proved) as office:
        office.carrier.postman.keeps = 100
        office.carrier.calls_per_second = office.runtime.settings.calls_per_second
        for number, person in people.items():
            office.carrier.introduce(number, person)
        began_at = office.clock.now()
        campaign_id = _begin(office, people, lines)
        mortal = MortalOffice(office, deaths)
        while _status(office, campaign_id) not in ("done", "stopped") and office.clock.now() - began_at < _LONGEST:
            office.run(minutes=30)
        ended_at = office.clock.now()
        office.run(minutes=5)
        return _outcome(office, campaign_id, people, mortal, began_at, ended_at)


def _begin(office: VirtualOffice, people: Mapping[str, Owner], lines: int) -> int:
    rt, now = office.runtime, office.clock.now()
    recall = Recall(
        source="csv",
        number="R-1",
        published_on=date(2026, 3, 1),
        title=f"Kettle {_MODEL}",
        hazards=("Fire",),
        remedies=("Refund", "Replace"),
        identifiers=(Identifier(kind=IdentifierKind.MODEL, written=_MODEL, normal=_MODEL),),
    )
    register = "phone;model\n" + "".join(f"{number};{_MODEL}\n" for number in people)
    with rt.database.sessions.begin() as session:
        recall_id = add_recall(session, recall, now).id
        import_owners(session, rt.vault, BytesIO(register.encode()), name="register", country="DE", now=now)
    waves = (WavePlan(medium=Medium.CALL), WavePlan(medium=Medium.TEXT, tries=1))
    plan = CampaignPlan(
        name="R-1",
        audience=(Origin.OWNER,),
        waves=waves,
        per_second=rt.settings.calls_per_second,
        lines=lines,
        cents_per_minute=PER_MINUTE,
        cents_per_text=PER_TEXT,
    )
    with rt.database.sessions.begin() as session:
        hotline = next(iter(rt.hotlines))
        campaign = draw_up_campaign(
            session, rt.vault, hotline, session.get_one(RecallRow, recall_id), plan, None, now=now
        )
        campaign.approved_at = now
        start(session, campaign, above=0, now=now)
        return campaign.id


def _status(office: VirtualOffice, campaign_id: int) -> str:
    with office.runtime.database.reads() as session:
        return session.get_one(Campaign, campaign_id).status


def _outcome(
    office: VirtualOffice,
    campaign_id: int,
    people: Mapping[str, Owner],
    mortal: MortalOffice,
    began_at: datetime,
    ended_at: datetime,
) -> CampaignOutcome:
    legs: dict[str, list[Leg]] = {number: [] for number in people}
    for leg in office.carrier.calls:
        if leg.to in legs and leg.direction == "outbound-api":
            legs[leg.to].append(leg)
            people[leg.to].heard_all(leg)
    with office.runtime.database.reads() as session:
        figures = campaign_progress(session, session.get_one(Campaign, campaign_id), now=ended_at)
        members = {
            str(office.runtime.vault.open(each.phone, f"campaign_members:phone:{each.key}")): each
            for each in session.scalars(sa.select(CampaignMember).where(CampaignMember.campaign_id == campaign_id))
        }
        calls = figures.waves[0].wave.id
        contacts = {
            each.member_id: each
            for each in session.scalars(sa.select(CampaignContact).where(CampaignContact.wave_id == calls))
        }
        attempts = session.scalar(sa.select(sa.func.count()).where(Attempt.stage != "ended"))
    found = CampaignOutcome(
        owners=len(people),
        deaths=mortal.died,
        began_at=began_at,
        ended_at=ended_at,
        habits=Counter(person.habit for person in people.values()),
        figures=figures,
        legs=sum(map(len, legs.values())),
        rung_twice_after_warning=sum(_was_rung_after_warning(legs[number], people[number]) for number in people),
        never_rung=sum(not legs[number] for number in people),
    )
    texts = Counter(text.to for text in office.carrier.texts if _PAGE in text.body)
    found.wrong = [
        *_wrong_figures(found, legs, people, texts, attempts or 0),
        *(
            f"…{number[-4:]} ({people[number].habit}): {problem}"
            for number in people
            for problem in _wrong_with(people[number], legs[number], members, contacts, number, texts[number])
        ),
    ]
    return found


def _was_rung_after_warning(legs: list[Leg], person: Owner) -> bool:
    """Whether somebody's telephone rang again after they had been warned; or twice at once."""
    warned = [leg for leg in legs if leg.sid in person.warned]
    again = any(leg.created_at > first.created_at for first in warned[:1] for leg in legs)
    ends = [(leg.created_at, leg.ended_at or leg.created_at) for leg in legs]
    overlap = any(later[0] < before[1] for before, later in itertools.pairwise(ends))
    return again or overlap


def _wrong_figures(
    found: CampaignOutcome,
    legs: Mapping[str, list[Leg]],
    people: Mapping[str, Owner],
    texts: Counter[str],
    open_attempts: int,
) -> list[str]:
    """Where the figures of the campaign are not those of the network and the people."""
    figures, every = found.figures, [leg for each in legs.values() for leg in each]
    calls, written = figures.waves
    answers = Counter(person.answers for person in people.values() if person.answers)
    expected: dict[str, tuple[object, object]] = {
        "members": (figures.members, len(people)),
        "answers": (dict(figures.answers), dict(sorted(answers.items()))),
        "answers of the wave": (sum(calls.answers.values()), sum(answers.values())),
        "people reached by the calls": (
            calls.reached_by.get("person", 0),
            sum(bool(person.warned) for person in people.values()),
        ),
        "tries": (calls.tries, len(every)),
        "seconds": (calls.seconds, sum(leg.seconds for leg in every)),
        "cents of calls": (calls.cents, sum(cents_of_call(leg.seconds, PER_MINUTE) for leg in every)),
        "text messages": (written.tries, sum(texts.values())),
        "cents of texts": (written.cents, PER_TEXT * sum(texts.values())),
        "contacts left": (calls.statuses["queued"] + calls.statuses["under_way"], 0),
        "attempts left": (open_attempts, 0),
        "status": (figures.campaign.status, "done"),
    }
    return [f"{name}: {told} told, {right} is right" for name, (told, right) in expected.items() if told != right]


def _wrong_with(
    person: Owner,
    legs: list[Leg],
    members: Mapping[str, CampaignMember],
    contacts: Mapping[int, CampaignContact],
    number: str,
    texts: int,
) -> list[str]:
    member = members.get(number)
    contact = contacts.get(member.id) if member is not None else None
    if member is None or contact is None:
        return ["is in no list"]
    wrong = []
    if not legs:
        wrong.append("was never rung")
    if _was_rung_after_warning(legs, person):
        wrong.append("was rung again after the warning, or twice at once")
    if not person.warned and len(legs) != 3:
        wrong.append(f"was not warned, and rung {len(legs)} times")
    if member.answer != person.answers:
        wrong.append(f"answered {person.answers}, and {member.answer} is written down")
    if texts != (person.answers is None):
        wrong.append(f"answered {person.answers}, and got {texts} text messages")
    if contact.tries != len(legs):
        wrong.append(f"was rung {len(legs)} times, and {contact.tries} are written down")
    return wrong
