"""Every page there is, in an office where something stands on it: what is looked at, and what pictures are taken of."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from app.analytics.report import build_report
from app.cli.virtual_office import VirtualOffice
from app.domain.campaign import CampaignPlan, Medium, Origin, WavePlan
from app.domain.phone_number import PhoneNumber
from app.domain.scope import Scope
from app.domain.told_event import EVENTS
from app.jobs import upkeep
from app.models.call import Call
from app.models.case import Case
from app.models.charge import Charge
from app.models.hazard import HazardSignal
from app.models.journal import note
from app.models.keeping import DataRequest
from app.models.measure import Report
from app.models.recall import RecallIdentifier, RecallRow
from app.models.staff import ApiToken, Staff
from app.services.add_token import add_token
from app.services.data_requests import ask_erasure, ask_history
from app.services.decide_signal import Decision, decide_signal
from app.services.draw_up_campaign import draw_up_campaign
from app.services.import_owners import import_owners
from app.services.import_recalls import import_recalls
from app.services.make_reports import make_reports
from app.services.passwords import set_password
from app.services.subscribe import subscribe
from tests.services.hazards import HAZARD, complain, watch
from tests.web.busy_office import CEM, OLIVER, PASSWORD

RECALLS = Path(__file__).parents[1] / "data" / "cpsc_recalls_rest.json"
HERE = ("board.", "desk.", "floor.", "admin.", "recalls.", "api.docs")
"""Blueprints, and one view, whose answers to GET are pages."""

NO_PAGES = {
    "admin.office": "leads to the staff",
    "admin.audit_csv": "a file",
    "desk.company": "leads to the company's own login",
    "desk.company_answer": "leads on; looked at by tests/web/test_company_login.py",
    "desk.changed": "for who has just changed many cases; looked at by tests/web/test_change_many.py",
    "desk.live": "only while somebody is being called; looked at by tests/web/test_desk_calling.py",
    "floor.campaign_list": "a file",
    "floor.progress_file": "a file",
    "floor.report_file": "a file",
    "floor.table": "a file",
    "desk.recording": "a sound",
    "desk.time_left": "for script",
    "desk.recording_file": "a file",
    "floor.drawing": "a drawing, shown on the page of rules",
    "floor.fetch": "a file",
    "desk.begin": "leads to the page that documents the conversation",
    "desk.code": "asks for what only a half login can give; looked at by tests/web/test_desk_factor.py",
    "desk.factor": "the same",
    "desk.welcome": "works once; looked at by tests/web/test_desk_login.py",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One page to look at."""

    name: str  # of its picture
    path: str
    who: str = "sue"  # whose login; "" for strangers


def furnish(office: VirtualOffice) -> None:
    """Besides the complaints: a cancellation, a suspended charge, recalls, a signal, and what customers asked for."""
    rt = office.runtime
    with rt.database.sessions.begin() as session, RECALLS.open("rb") as file:
        import_recalls(session, file, name="cpsc.json", now=office.clock.now())
    office.call("+493023125043").press("2").hang_up()
    office.call("+493023125044").press("1").press("2").press("3").hang_up()
    office.call("+493023125045").press("3").press("1").say("HANS0002").press("1").press("1").hang_up()
    office.run(minutes=2)
    for number in range(10):  # two products, so that one signal can be decided and one still waits
        complain(rt, number, HAZARD, product="toaster" if number % 2 else "iron")
    watch(rt)
    hotline, now = next(iter(rt.hotlines)), rt.clock.now()
    with rt.database.sessions.begin() as session:
        case = session.scalars(sa.select(Case).order_by(Case.id)).all()[1]
        ask_history(session, rt.vault, case, hotline, "post", "operator", now=now)
        ask_erasure(session, rt.vault, PhoneNumber("+4915199999999"), hotline, "operator", now=now)
        signal = session.get_one(HazardSignal, 1)
        sue = session.scalars(sa.select(Staff).where(Staff.name == "Sue")).one()
        decide_signal(session, rt.vault, signal, Decision.CONFIRMED, "", sue, seen=signal.changed_at, now=now)
        model = RecallIdentifier.written == "HANS0002"
        recall = session.scalars(sa.select(RecallRow).join(RecallIdentifier).where(model)).first()
        assert recall is not None
        owners = f"Phone,Model,Id,Name\n{CEM},HANS0002,1,Cem\n{OLIVER},HANS0002,2,Oliver\n,HANS0002,3,Otto\n"
        import_owners(session, rt.vault, io.BytesIO(owners.encode()), name="register", country="DE", now=now)
        plan = CampaignPlan(name="Lernturm", audience=(Origin.OWNER,), waves=(WavePlan(medium=Medium.CALL),))
        draw_up_campaign(session, rt.vault, hotline, recall, plan, sue, now=now)
        session.add(
            Staff(
                email="max@example.org",
                name="Max",
                role="admin",
                languages=["en", "de"],
                available=False,
                created_at=now,
            )
        )
        session.flush()
        max_ = session.scalars(sa.select(Staff).where(Staff.name == "Max")).one()
        set_password(session, max_, PASSWORD, wall_now=rt.wall.now())
        subscribe(
            session, rt.vault, name="Warehouse", url="https://warehouse.example/events", events=EVENTS,
            with_phone=False, may_be_private=False, wall_now=rt.wall.now(),
        )  # fmt: skip
        note(session, rt.vault, case, "note", "operator", now, text="told to the warehouse")
    upkeep.keep_books(office.office)
    upkeep.keep_log(office.office)
    later = now + timedelta(days=8)  # when this week is over
    make_reports(
        rt.database,
        hotline.zone,
        lambda week: build_report(rt.database, rt.vault, week, hotline.zone, now=later),
        now=later,
    )


def stops(office: VirtualOffice) -> list[Stop]:
    """Every page, in the order in which one would show them to somebody."""
    with office.runtime.database.reads() as session:
        protocols = session.scalars(sa.select(Case.protocol).order_by(Case.id)).all()
        cancelled = session.scalars(sa.select(Case.protocol).where(Case.kind == "cancellation")).first()
        asked_about = session.scalars(sa.select(Case.protocol).where(Case.kind == "recall")).first()
        charged = session.scalars(sa.select(Case.protocol).join(Charge, Charge.case_id == Case.id)).first()
        call = session.scalars(sa.select(Call.network_id).order_by(Call.seconds.desc())).first()
        recall = session.scalars(sa.select(RecallRow.id).where(RecallRow.number == "26651")).one()
        report = session.scalars(sa.select(Report.id).order_by(Report.id)).first()
        papers = session.scalars(sa.select(DataRequest.key).order_by(DataRequest.id)).all()
    return [
        Stop("front", "/", ""),
        Stop("login", "/desk/login", ""),
        Stop("queue", "/desk/", "ada"),
        Stop("queue-mine", "/desk/?show=mine", "ada"),
        Stop("callback", "/desk/callbacks/new", "ada"),
        Stop("case", f"/desk/cases/{protocols[2]}", "ada"),
        Stop("case-documented", f"/desk/cases/{protocols[0]}", "ada"),
        Stop("case-cancellation", f"/desk/cases/{cancelled}", "ada"),
        Stop("case-charge", f"/desk/cases/{charged}", "ada"),
        Stop("case-recall", f"/desk/cases/{asked_about}", "ada"),
        Stop("case-unknown", "/desk/cases/2600000000", "ada"),
        Stop("receipt", f"/desk/cases/{cancelled}/receipt", "ada"),
        Stop("wrap-up", f"/desk/cases/{protocols[0]}/wrap-up", "ada"),
        Stop("cases", "/desk/cases", "ada"),
        Stop("cases-none", "/desk/cases?q=nonsense", "ada"),
        Stop("ledger", "/desk/promises/1", "ada"),
        Stop("ledger-at-risk", "/desk/promises/2", "ada"),
        Stop("knowledge", "/desk/knowledge", "ada"),
        Stop("settings", "/desk/settings", "ada"),
        Stop("account", "/desk/account", "ada"),
        Stop("softphone", "/desk/telephone", "ada"),
        Stop("floor", "/floor/"),
        Stop("promises", "/floor/promises"),
        Stop("board", f"/board/{board_token(office)}", ""),
        Stop("calls", "/floor/calls"),
        Stop("call", f"/floor/calls/{call}"),
        Stop("raw", f"/floor/calls/{call}/raw", "max"),
        Stop("calls-filtered", "/floor/calls?range=today&language=de"),
        Stop("exports", "/floor/exports"),
        Stop("figures", "/floor/figures?range=today"),
        Stop("reports", "/floor/reports"),
        Stop("report", f"/floor/reports/{report}"),
        Stop("measures", "/floor/measures"),
        Stop("approvals", "/floor/approvals"),
        Stop("charges", "/floor/charges"),
        Stop("cancellations", "/floor/cancellations"),
        Stop("recalls", "/floor/recalls"),
        Stop("recall", f"/floor/recalls/{recall}"),
        Stop("progress", f"/floor/recalls/{recall}/progress"),
        Stop("campaigns", f"/floor/recalls/{recall}/campaigns"),
        Stop("campaign", "/floor/campaigns/1"),
        Stop("campaign-person", "/floor/campaigns/1/people/1"),
        Stop("drafts", "/floor/recalls/drafts"),
        Stop("draft", "/floor/recalls/drafts/1"),
        Stop("signals", "/floor/signals"),
        Stop("signal", "/floor/signals/2"),
        Stop("signal-confirmed", "/floor/signals/1"),
        Stop("rules", "/floor/rules"),
        Stop("keeping", "/floor/keeping"),
        *(Stop(f"paper-{number}", f"/floor/keeping/requests/{key}") for number, key in enumerate(papers, start=1)),
        Stop("staff", "/admin/staff", "max"),
        Stop("person", "/admin/staff/1", "max"),
        Stop("hire", "/admin/staff/new", "max"),
        Stop("hotlines", "/admin/hotlines", "max"),
        Stop("hours", "/admin/hotlines/haushalt/hours", "max"),
        Stop("tokens", "/admin/tokens", "max"),
        Stop("webhooks", "/admin/webhooks", "max"),
        Stop("webhook", "/admin/webhooks/1", "max"),
        Stop("retention", "/admin/retention", "max"),
        Stop("audit", "/admin/audit", "max"),
        Stop("api", "/api/v1/docs", ""),
        Stop("recalls-for-all", "/recalls", ""),
        Stop("notice-for-all", f"/recalls/{recall}?lang=de", ""),
    ]


def board_token(office: VirtualOffice) -> str:
    """A token that opens the wallboard."""
    with office.runtime.database.sessions.begin() as session:
        sue = session.scalars(sa.select(Staff).where(Staff.name == "Sue")).one()
        name = f"wall {session.scalar(sa.select(sa.func.count()).select_from(ApiToken))}"
        wall_now = office.runtime.wall.now()
        return add_token(session, name, scopes=[Scope.WALLBOARD], acts_for=sue, wall_now=wall_now)


def rules_of_pages(office: VirtualOffice) -> Iterator[Rule]:
    """Every route that answers GET with a page."""
    for rule in office.app.url_map.iter_rules():
        is_here = rule.endpoint.startswith(HERE) or rule.endpoint == "front.front"
        if is_here and "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES:
            yield rule


def endpoint_of(office: VirtualOffice, path: str) -> str:
    """Which view a path leads to."""
    try:
        endpoint, _ = office.app.url_map.bind("127.0.0.1").match(path.partition("?")[0])
    except HTTPException:
        return ""
    return str(endpoint)
