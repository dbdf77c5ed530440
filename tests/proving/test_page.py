from __future__ import annotations

from pathlib import Path

from app.proving.page import rules_page
from app.proving.profile import profiles
from app.proving.rules import rules

JURISDICTIONS = ("br-sac", "de", "eu", "us")


def test_the_page_is_what_the_rules_say() -> None:
    assert Path("docs/flow-rules.md").read_text(encoding="utf-8") == rules_page()


def test_every_jurisdiction_has_its_profile() -> None:
    assert tuple(profiles()) == JURISDICTIONS


def test_every_rule_is_asked_for_in_every_jurisdiction() -> None:
    assert [(rule.name, where) for rule in rules() for where in JURISDICTIONS if not rule.grounds_in(where)] == []


def test_a_source_that_was_read_in_part_only_is_not_stated_as_law() -> None:
    unconfirmed = {ground.citation.text for rule in rules() for ground in rule.grounds if not ground.citation.confirmed}

    assert {"Decreto 11.034/2022, art. 10", "Regulation (EU) 2016/679, art. 7"} <= unconfirmed
    assert "Decreto 11.034/2022, art. 14 (effective at once)" in unconfirmed
