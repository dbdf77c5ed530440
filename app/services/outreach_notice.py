"""What a campaign says and writes about its recall, and whether the law lets it: read by the linter before it goes out.

Source:
    Regulation (EU) 2023/988 art. 36 (2); `app.compliance.recall_notice` has the rules of every jurisdiction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import orm

from app.compliance.machine_message import may_tell_machine
from app.compliance.recall_notice import NoticeFault, lint_notice
from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import Hotline
from app.domain.recall_remedies import CHOICES
from app.ivr.turn import Say
from app.ivr.words import Words
from app.models.campaign import Campaign
from app.models.recall import RecallRow
from app.models.recall_documents import notice_of

SPOKEN: Final = ("recall_exact",)
"""The notice in a call; before it stands only who calls."""
TEXT: Final = "text.outreach"
LETTER: Final = ("letter.outreach_subject", "letter.outreach")


def facts_of_recall(session: orm.Session, row: RecallRow, language: str) -> dict[str, Any]:
    """What a flow knows of a recall, and what fills its notice; "" where nothing may or can be said."""
    parts = notice_of(session, row, language)
    return {
        "recall_id": str(row.id),
        "recall_number": parts.number,
        "recall_title": parts.product,
        "hazard": parts.hazard,
        "recall_do": parts.what_to_do,
        "recall_remedy": parts.remedy,
        "recall_remedies": [str(each) for each in CHOICES if each in parts.remedies],
        "recall_drop_off": parts.drop_off,
        "recall_home": "yes" if parts.fetches else "",
    }


def slots_of(
    session: orm.Session, campaign: Campaign, hotline: Hotline, language: str, public_url: str, name: str = ""
) -> dict[str, Any]:
    """What the sentences of a campaign may mention.

    Args:
        name: of the person written to; "" if it is not known.
    """
    row = session.get_one(RecallRow, campaign.recall_id)
    facts = facts_of_recall(session, row, language)
    facts["recall_remedy"] = facts["recall_remedy"] or ""
    return {
        **facts,
        "company": hotline.company.name,
        "address": hotline.company.address,
        "our_number": hotline.numbers[0],
        "page": f"{public_url}/recalls/{row.id}",
        "name": name,
    }


def says_to_machine(slots: dict[str, Any], where: Whereabouts) -> tuple[Say, ...]:
    """What an answering machine is told: who rang and the number; of the danger only where the law lets it."""
    who, number = Say("outreach_who", slots), Say("outreach_number", slots)
    if may_tell_machine(where.jurisdictions).allowed:
        return (who, *(Say(prompt, slots) for prompt in SPOKEN), number)
    return (who, number)


def faults_of_notice(
    session: orm.Session, words: Words, campaign: Campaign, hotline: Hotline, public_url: str, now: datetime
) -> list[tuple[str, str, NoticeFault]]:
    """What may not be said or sent so, in any language of the hotline: language, prompt, fault.

    While there is any, nobody is called or written to.
    """
    found = []
    for language in hotline.languages:
        slots = slots_of(session, campaign, hotline, language, public_url)
        for prompt in (*SPOKEN, TEXT, LETTER[1]):
            text = words.text(language, prompt, slots, now=now, zone=hotline.zone)
            faults = lint_notice(text, language, hotline.jurisdiction)
            found += [(language, prompt, fault) for fault in faults if fault.is_spoken]
    return found
