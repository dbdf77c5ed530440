"""Standard questions and their answers for agents: a page to search, and what is shown beside a case (K1, K3)."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.domain.hotline import Hotline
from app.domain.knowledge import Topic, find_topics, search_topics
from app.domain.role import Permission
from app.web.access import needs
from app.web.webhooks.gate import runtime
from app.web.words import desk_language

_LONGEST_QUESTION = 200


def add_views(bp: Blueprint) -> None:
    """Add the page."""
    bp.add_url_rule("/knowledge", view_func=knowledge)


@needs(Permission.WORK)
def knowledge() -> str:
    hotlines = [each for each in runtime().hotlines if each.knowledge]
    named = request.args.get("hotline", "")
    hotline = next((each for each in hotlines if each.name == named), next(iter(hotlines), None))
    wanted = request.args.get("language", "")
    typed = request.args.get("q", "").strip()[:_LONGEST_QUESTION]
    spoken = hotline.languages if hotline is not None else ()
    language = next((each for each in (wanted, desk_language()) if each in spoken), next(iter(spoken), ""))
    return render_template(
        "desk/knowledge.html",
        hotlines=hotlines,
        hotline=hotline,
        language=language,
        typed=typed,
        topics=search_topics(typed, hotline.knowledge, language) if hotline is not None else [],
    )


def topics_beside(hotline: Hotline, told: str, language: str) -> list[tuple[Topic, bool]]:
    """Every topic for a case, each with whether it is likely what the customer asks about; such topics first.

    Args:
        told: what the customer said or wrote.
        language: of the customer, in which it was said.
    """
    likely = [found.topic for found in find_topics(told, hotline.knowledge, language)] if told.strip() else []
    return [(topic, True) for topic in likely] + [(topic, False) for topic in hotline.knowledge if topic not in likely]
