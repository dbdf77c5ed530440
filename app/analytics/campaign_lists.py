"""Lists of the people of a campaign, to be looked through before it starts and worked with after: one row a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.calling_hours import SAFETY, may_call_at
from app.compliance.whereabouts import whereabouts
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.models.call import Caller
from app.models.campaign import Campaign, CampaignMember
from app.models.vault import Vault

LISTS: Final = (
    "told", "duplicates", "no_way", "do_not_call", "out_of_hours", "answered", "silent", "letters", "everybody",
)  # fmt: skip
COLUMNS: Final = (
    "phone", "name", "email", "address", "language", "found_as", "units", "left_out",
    "told_at", "answer", "answered_at", "answered_by",
)  # fmt: skip
_AT_ONCE: Final = 500


def people_listed(
    session: orm.Session, vault: Vault, campaign: Campaign, which: str, hotline: Hotline, *, now: datetime
) -> Iterator[CampaignMember]:
    """The people of one list, in the order of finding.

    Args:
        which: of `LISTS`; any other is empty.
    """
    query = sa.select(CampaignMember).where(CampaignMember.campaign_id == campaign.id, *_where(which))
    for member in session.scalars(query.order_by(CampaignMember.id).execution_options(yield_per=_AT_ONCE)):
        if which != "out_of_hours" or not _may_be_called(vault, member, hotline, now):
            yield member


def _where(which: str) -> tuple[sa.ColumnElement[bool], ...]:
    is_told, is_silent = CampaignMember.left_out.is_(None), CampaignMember.answer.is_(None)
    wish = sa.exists().where(Caller.number_index == CampaignMember.phone_index, Caller.do_not_call)
    lists: dict[str, tuple[sa.ColumnElement[bool], ...]] = {
        "told": (is_told, is_silent),
        "duplicates": (CampaignMember.units > 1,),
        "no_way": (CampaignMember.left_out == "no_way",),
        "do_not_call": (sa.or_(CampaignMember.left_out == "do_not_call", wish),),
        "out_of_hours": (is_told, is_silent, CampaignMember.phone_index.is_not(None)),
        "answered": (CampaignMember.answer.is_not(None),),
        "silent": (is_told, is_silent, CampaignMember.reached_at.is_not(None)),
        "letters": (
            is_told,
            CampaignMember.has_address.is_(True),
            sa.or_(is_silent, CampaignMember.answer == "acknowledged"),
        ),
        "everybody": (),
    }
    return lists.get(which, (sa.false(),))


def _may_be_called(vault: Vault, member: CampaignMember, hotline: Hotline, now: datetime) -> bool:
    phone = str(vault.open(member.phone, f"campaign_members:phone:{member.key}"))
    return not phone or may_call_at(whereabouts(PhoneNumber(phone), hotline), now, SAFETY).allowed


def row_of(vault: Vault, member: CampaignMember) -> Mapping[str, Any]:
    """One person as a row of a file; times are RFC 3339 in UTC."""
    details = vault.open(member.details, f"campaign_members:details:{member.key}") if member.details else {}
    return {
        "phone": str(vault.open(member.phone, f"campaign_members:phone:{member.key}")),
        **{name: details.get(name, "") for name in ("name", "email", "address")},
        "language": member.language,
        "found_as": member.origin,
        "units": member.units,
        "left_out": member.left_out,
        "told_at": member.reached_at.isoformat() if member.reached_at else None,
        "answer": member.answer,
        "answered_at": member.answered_at.isoformat() if member.answered_at else None,
        "answered_by": member.answered_by,
    }
