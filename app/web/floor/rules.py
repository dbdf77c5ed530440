"""The rules that the flows obey: per hotline each with its verdict, its evidence and what asks for it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.domain.errors import NotFound
from app.domain.role import Permission
from app.ivr.drawing import flow_svg
from app.proving.kept import kept_reports
from app.runtime import flow_folder
from app.web.access import needs
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/rules", view_func=rules)
    bp.add_url_rule("/rules/<flow>.svg", view_func=drawing)


@needs(Permission.KEEPING)
def rules() -> str:
    rt = runtime()
    edition = rt.board.present
    reports = kept_reports(
        edition.flows,
        edition.words,
        rt.hotlines,
        folder=flow_folder(rt.settings.hotline_config),
        kept_in=rt.settings.var_dir / "proofs",
        on=rt.wall.now().date(),
    )
    hotlines = {hotline.name: hotline for hotline in rt.hotlines}
    return render_template("floor/rules.html", reports=reports, hotlines=hotlines, flows=edition.flows)


@needs(Permission.KEEPING)
def drawing(flow: str) -> Response:
    flows = runtime().board.present.flows
    if flow not in flows.entries:
        raise NotFound("flow")
    return Response(flow_svg(flows, flow), mimetype="image/svg+xml")
