from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from app.compliance import statute_book as book
from app.compliance.law import Caps, ConsentMode, Period
from app.compliance.law_file import read_law
from app.domain.errors import BadFile

LAW = (Path(book.__file__).parent / "law" / "de.yaml").read_text("utf-8")


def _read(tmp_path, source):
    path = tmp_path / "de.yaml"
    path.write_text(source, "utf-8")
    return read_law(path)


def _faults(tmp_path, source):
    with pytest.raises(BadFile) as bad:
        _read(tmp_path, source)
    return [str(fault) for fault in bad.value.faults]


def test_a_file_becomes_law(tmp_path):
    law = _read(tmp_path, LAW)

    week = law.calling_hours["promised_callback"].on(date(2026, 3, 2)).value
    assert (law.jurisdiction, law.countries, law.holidays) == ("de", {"DE"}, "DE")
    assert law.recording_consent.on(date(2026, 3, 2)).value is ConsentMode.ASK
    assert (week.weekdays, week.sunday) == (((time(8), time(20)),), ())
    assert law.attempts.on(date(2026, 3, 2)).value == Caps(3, 9)
    assert law.periods[Period.ANSWER].on(date(1999, 12, 31)) is None


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("jurisdiction: de", "jurisdiction: [de]", "expected text"),
        ("countries: [DE]", "countrys: [DE]", "unknown key 'countrys'; did you mean 'countries'?"),
        ("countries: [DE]", "", "'countries' is missing"),
        ("holidays: DE", "holidays: XX", "the holidays of 'XX' are not known"),
        ("mode: ask", "mode: aks", "expected one of ask, announce"),
        ("mode: ask", "mood: ask", "unknown key 'mood'; did you mean 'mode'?"),
        ("since: 2000-01-01, source: recording", "since: 2000-13-01, source: recording", "expected a day such as"),
        ("source: recording", "source: recordings", "no source 'recordings'; known are"),
        ("weekdays: 08:00-20:00", "weekdays: 8-20", "expected hours such as 08:00-20:00, or none, not '8-20'"),
        ("weekdays: 08:00-20:00", "weekdays: 20:00-08:00", "must end later than it begins"),
        ("weekdays: 08:00-20:00", "weekdays: 08:00-08:00", "must end later than it begins"),
        ("kind: safety", "kind: promised_callback", "must be later than the entry above"),
        ("at_most_days: 90", "at_most_days: -1", "expected a whole number, not '-1'"),
        ("at_least_days: 0", "at_least_days: 91", "is less than at_least_days"),
        ("confirmed: yes", "confirmed: maybe", "expected yes or no"),
        ("confirmed: yes", "confirmed: yes\n    note: x", "unknown key 'note'"),
    ],
)  # fmt: skip
def test_a_fault_is_reported_with_its_place(tmp_path, old, new, fault):
    faults = _faults(tmp_path, LAW.replace(old, new, 1))

    assert any(line.startswith("de.yaml:") and fault in line for line in faults), faults


def test_all_faults_of_a_file_are_reported_at_once(tmp_path):
    faults = _faults(
        tmp_path,
        LAW.replace("mode: ask", "mode: x").replace("days: 28", "days: x").replace("holidays: DE", "holidays: XX"),
    )

    assert len(faults) == 3


def test_a_faulty_source_is_reported_where_it_stands(tmp_path):
    faults = _faults(tmp_path, LAW.replace("read_on: 2026-11-22", "read_on: yesterday", 1))

    assert faults[0] == "de.yaml:11:14: expected a day such as 2026-03-02, not 'yesterday'"
