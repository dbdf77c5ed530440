"""Recall campaigns: drawn up with a preview of whom they concern, tried out, agreed to, led and looked at (P8, P10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from pydantic import ValidationError
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.campaign_lists import COLUMNS, LISTS, people_listed, row_of
from app.analytics.campaign_progress import campaign_progress, trace_of
from app.compliance.whereabouts import whereabouts
from app.domain.campaign import USUAL_WAVES, CampaignPlan, Medium, Origin, WavePlan, Whom
from app.domain.errors import Invalid, NotFound
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, parse_phone
from app.domain.role import Permission
from app.domain.telephone import address_of
from app.ivr.turn import Say
from app.models.campaign import Campaign, CampaignMember
from app.models.recall import RecallRow
from app.models.staff import Staff
from app.services.draw_up_campaign import discard_draft, draw_up_campaign
from app.services.lead_campaign import (
    approve,
    find_campaign,
    needs_second_person,
    note_posted,
    order_test_call,
    pause,
    people_told,
    resume,
    start,
    stop,
)
from app.services.outreach_notice import LETTER, SPOKEN, TEXT, faults_of_notice, says_to_machine, slots_of
from app.services.write_rows import write_text
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

_ROWS: Final = 6  # of waves in the form
_MOST_PEOPLE: Final = 50  # shown at once


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/recalls/<int:recall_id>/campaigns", view_func=campaigns)
    bp.add_url_rule("/recalls/<int:recall_id>/campaigns", view_func=draw_up, methods=["POST"], endpoint="draw_up")
    bp.add_url_rule("/campaigns/<int:campaign_id>", view_func=campaign)
    bp.add_url_rule("/campaigns/<int:campaign_id>", view_func=lead, methods=["POST"], endpoint="lead_campaign")
    bp.add_url_rule("/campaigns/<int:campaign_id>/lists/<which>.csv", view_func=people, endpoint="campaign_list")
    bp.add_url_rule("/campaigns/<int:campaign_id>/people/<int:member_id>", view_func=person, endpoint="campaign_person")


@needs(Permission.ASSIGN)
def campaigns(recall_id: int) -> str:
    with runtime().database.reads() as session:
        row = _recall(session, recall_id)
        rows = session.scalars(
            sa.select(Campaign).where(Campaign.recall_id == row.id).order_by(Campaign.id.desc())
        ).all()
        told = {each.id: people_told(session, each) for each in rows}
        return render_template(
            "floor/campaigns.html",
            row=row,
            rows=rows,
            told=told,
            hotlines=list(runtime().hotlines),
            origins=list(Origin),
            media=list(Medium),
            whoms=list(Whom),
            waves=[*USUAL_WAVES, *([None] * (_ROWS - len(USUAL_WAVES)))],
            usual=CampaignPlan.model_fields,
            zone=office_zone(),
        )


@needs(Permission.ASSIGN)
def draw_up(recall_id: int) -> Response:
    rt = runtime()
    hotline = rt.hotlines.named(request.form.get("hotline", "")) or next(iter(rt.hotlines))
    try:
        plan = CampaignPlan.model_validate(_typed(hotline))
    except ValidationError as error:
        fault = error.errors()[0]
        raise Invalid(".".join(str(step) for step in fault["loc"]), fault["msg"].lower()) from error
    with rt.database.sessions.begin() as session:
        row = _recall(session, recall_id)
        drawn = draw_up_campaign(session, rt.vault, hotline, row, plan, staff(), now=rt.clock.now())
        campaign_id = drawn.id
    return redirect(url_for("floor.campaign", campaign_id=campaign_id), 303)


@needs(Permission.ASSIGN)
def campaign(campaign_id: int) -> str:
    rt = runtime()
    now = rt.clock.now()
    with rt.database.reads() as session:
        found = find_campaign(session, campaign_id)
        hotline = rt.board.hotline_named(found.hotline)
        searched = request.args.get("q", "").strip()
        return render_template(
            "floor/campaign.html",
            campaign=found,
            recall=session.get_one(RecallRow, found.recall_id),
            progress=campaign_progress(session, found, now=now),
            out_of_hours=sum(1 for _ in people_listed(session, rt.vault, found, "out_of_hours", hotline, now=now))
            if found.status == "draft"
            else 0,
            lists=LISTS,
            faults=faults_of_notice(session, rt.board.present.words, found, hotline, rt.board.public_url, now),
            scripts={language: _script(session, found, hotline, language) for language in hotline.languages},
            second=needs_second_person(session, found, rt.settings.campaign_alone_up_to),
            alone=rt.settings.campaign_alone_up_to,
            people=_people(session, found, hotline, searched),
            searched=searched,
            by={each.id: each.name for each in session.scalars(sa.select(Staff))},
            zone=office_zone(),
        )


@needs(Permission.ASSIGN)
def lead(campaign_id: int) -> Response:
    rt = runtime()
    now, action = rt.clock.now(), request.form.get("action", "")
    with rt.database.sessions.begin() as session:
        found = find_campaign(session, campaign_id)
        recall_id = found.recall_id
        _act(session, found, action, now)
    if action == "discard":
        return redirect(url_for("floor.campaigns", recall_id=recall_id), 303)
    return redirect(url_for("floor.campaign", campaign_id=campaign_id), 303)


def _act(session: orm.Session, found: Campaign, action: str, now: datetime) -> None:
    rt = runtime()
    match action:
        case "approve":
            approve(session, found, staff(), now=now)
        case "start":
            start(session, found, above=rt.settings.campaign_alone_up_to, now=now)
        case "pause":
            pause(session, found)
        case "resume":
            resume(session, found)
        case "stop":
            stop(session, rt.vault, found, now=now)
        case "discard":
            discard_draft(session, found)
        case "posted":
            note_posted(session, found, now=now)
        case "test":
            hotline, phone = rt.board.hotline_named(found.hotline), address_of(staff(), rt.wall.now())
            order_test_call(session, rt.vault, found, hotline, phone, rt.board.public_url, now=now)
        case _:
            raise Invalid("action", "is none of those of a campaign")


@needs(Permission.EXPORT)
def people(campaign_id: int, which: str) -> Response:
    rt, now = runtime(), runtime().clock.now()
    if which not in LISTS:
        raise NotFound("list")
    with rt.database.reads() as session:
        found = find_campaign(session, campaign_id)
        hotline = rt.board.hotline_named(found.hotline)
        listed = people_listed(session, rt.vault, found, which, hotline, now=now)
        content = b"".join(write_text("csv", COLUMNS, (row_of(rt.vault, each) for each in listed)))
    answer = Response(content, mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="campaign-{campaign_id}-{which}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@needs(Permission.ASSIGN)
def person(campaign_id: int, member_id: int) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        found = find_campaign(session, campaign_id)
        member = session.get(CampaignMember, member_id) if member_id < 2**31 else None
        if member is None or member.campaign_id != found.id:
            raise NotFound("person")
        return render_template(
            "floor/campaign_person.html",
            campaign=found,
            trace=trace_of(session, member),
            row=row_of(rt.vault, member),
            zone=office_zone(),
        )


def _recall(session: orm.Session, recall_id: int) -> RecallRow:
    row = session.get(RecallRow, recall_id) if recall_id < 2**31 else None
    if row is None:
        raise NotFound("recall")
    return row


def _people(
    session: orm.Session, found: Campaign, hotline: Hotline, searched: str
) -> list[tuple[CampaignMember, Mapping[str, Any]]]:
    """Who is shown: who has the number that is looked for, else the first ones."""
    vault = runtime().vault
    query = sa.select(CampaignMember).where(CampaignMember.campaign_id == found.id)
    if searched:
        number = parse_phone(searched, hotline.country)
        query = query.where(CampaignMember.phone_index == (vault.index(number.e164) if number else ""))
    rows = session.scalars(query.order_by(CampaignMember.answered_at.desc(), CampaignMember.id).limit(_MOST_PEOPLE))
    return [(each, row_of(vault, each)) for each in rows]


def _script(session: orm.Session, found: Campaign, hotline: Hotline, language: str) -> Mapping[str, str]:
    """What people hear and read in one language, word for word."""
    rt = runtime()
    words, now = rt.board.present.words, rt.clock.now()
    slots = slots_of(session, found, hotline, language, rt.board.public_url)
    person_hears = [Say("outreach_who", slots), *(Say(prompt, slots) for prompt in SPOKEN)]
    if slots["recall_do"]:
        person_hears.append(Say("recall_do", slots))
    machine = says_to_machine(slots, whereabouts(PhoneNumber(hotline.numbers[0]), hotline))

    def text(says: tuple[Say, ...] | list[Say]) -> str:
        return " ".join(words.text(language, say.prompt, say.slots, now=now, zone=hotline.zone) for say in says)

    return {
        "call": text([*person_hears, Say("outreach_ask", slots)]),
        "machine": text(machine),
        "text": text([Say(TEXT, slots)]),
        "letter": text([Say(LETTER[1], slots)]),
    }


def _typed(hotline: Hotline) -> dict[str, Any]:
    """The form as a plan is written."""
    form = request.form
    return {
        "name": form.get("name", ""),
        "audience": [str(each) for each in Origin if str(each) in form.getlist("audience")],
        "waves": [wave for number in range(_ROWS) if (wave := _typed_wave(number, hotline)) is not None],
        "per_second": form.get("per_second") or 1,
        "lines": form.get("lines") or 10,
        "ceiling_cents": _cents(form.get("ceiling", "")),
        "cents_per_minute": _cents(form.get("per_minute", "")) or 0,
        "cents_per_text": _cents(form.get("per_text", "")) or 0,
    }


def _typed_wave(number: int, hotline: Hotline) -> WavePlan | None:
    form = request.form
    medium = form.get(f"wave-{number}-medium", "")
    if medium not in set(Medium):
        return None
    try:
        begins = form.get(f"wave-{number}-begins", "")
        return WavePlan(
            medium=Medium(medium),
            whom=Whom(form.get(f"wave-{number}-whom") or "silent"),
            opens=time.fromisoformat(form.get(f"wave-{number}-opens") or "09:00"),
            closes=time.fromisoformat(form.get(f"wave-{number}-closes") or "20:00"),
            tries=int(form.get(f"wave-{number}-tries") or 1),
            begins_at=datetime.fromisoformat(begins).replace(tzinfo=hotline.zone) if begins else None,
        )
    except ValueError as error:
        raise Invalid(f"wave {number + 1}", "has hours, tries or a beginning that cannot be read") from error


def _cents(amount: str) -> int | None:
    """An amount of money in cents; None if nothing was written."""
    if not amount.strip():
        return None
    try:
        return int(Decimal(amount.replace(",", ".")) * 100)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Invalid("ceiling", "is no amount of money") from error
