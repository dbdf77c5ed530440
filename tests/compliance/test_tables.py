"""Every line of the tables beside this file is one test: situation, then verdict. A lawyer can read and add to them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.compliance.attempt_caps import may_ring_again
from app.compliance.calling_hours import may_call_at
from app.compliance.law import Period
from app.compliance.legal_limit import latest
from app.compliance.recording import consent_mode
from app.compliance.retention import keep_case, keep_recording
from app.compliance.whereabouts import Whereabouts
from app.domain.errors import LawUnknown
from app.domain.yaml_source import read_yaml

HERE = Path(__file__).parent


def _lines(table):
    return [pytest.param(node.plain(), id=node.plain()["case"]) for node in read_yaml(HERE / table).items()]


def _instant(text):
    return datetime.fromisoformat(text)


def _where(line):
    return Whereabouts(tuple(line["zones"]), tuple(line["jurisdictions"]), is_zone_known=line.get("guess") != "yes")


@pytest.mark.parametrize("line", _lines("recording.yaml"))
def test_who_must_be_asked_before_a_recording(line):
    assert consent_mode(*line["jurisdictions"], on=date.fromisoformat(line["on"])) == line["expect"]


@pytest.mark.parametrize("line", _lines("calling_hours.yaml"))
def test_when_a_customer_may_be_called(line):
    verdict = may_call_at(_where(line), _instant(line["at"]), line.get("kind", "promised_callback"))

    assert verdict.allowed is (line["expect"] == "yes"), verdict.reason
    assert verdict.reason


@pytest.mark.parametrize("line", [line for line in _lines("legal_limit.yaml") if line.values[0]["expect"] != "unknown"])
def test_by_when_it_must_be_done(line):
    zone = ZoneInfo(line["zone"])

    limit = latest(Period(line["rule"]), line["jurisdictions"], _instant(line["registered"]), zone)

    assert limit.at.astimezone(zone).replace(tzinfo=None).isoformat() == line["expect"]
    assert limit.on.isoformat() == line["expect"][:10]
    assert limit.is_working_day is (line["working_day"] == "yes")
    assert limit.citation.text == line["source"]


@pytest.mark.parametrize("line", [line for line in _lines("legal_limit.yaml") if line.values[0]["expect"] == "unknown"])
def test_without_a_rule_there_is_no_limit(line):
    with pytest.raises(LawUnknown):
        latest(Period(line["rule"]), line["jurisdictions"], _instant(line["registered"]), ZoneInfo(line["zone"]))


KEEP = {"recording": keep_recording, "case": keep_case}


@pytest.mark.parametrize("line", _lines("retention.yaml"))
def test_how_long_it_is_kept(line):
    at = None if line["at"] == "never" else _instant(line["at"])

    assert _kept(line, at) == (line["not_before"], line["not_after"])


def _kept(line, at):
    try:
        keep = KEEP[line["what"]](line["jurisdictions"], at, ZoneInfo(line["zone"]))
    except LawUnknown:
        return "unknown", "none"
    if keep is None:
        return "never", "none"
    return keep.not_before.isoformat(), keep.not_after.isoformat() if keep.not_after else "none"


@pytest.mark.parametrize("line", _lines("attempt_caps.yaml"))
def test_how_often_a_customer_may_be_rung(line):
    verdict = may_ring_again(_where(line), [_instant(at) for at in line["rung"]], _instant(line["at"]))

    assert verdict.allowed is (line["expect"] == "yes"), verdict.reason
