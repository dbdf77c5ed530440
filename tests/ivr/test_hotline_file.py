from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from app.domain.errors import BadFile
from app.domain.hotline import Shift
from app.ivr.hotline_file import Hotlines, load_hotlines

GOOD = """\
shop:
  numbers: ["+493012345600"]
  flow: main
  languages: [de, en]
  zone: Europe/Berlin
  jurisdiction: de
  country: DE
  subdivision: BE
  opening:
    mon-fri: 08:00-18:00
    sat: [09:00-12:00, 13:00-24:00]
  closed_on: [2026-12-24]
  company:
    name: Shop
    address: Street 1
    email: a@shop.example
    registration: HRB 1
    website: shop.example
    phone: "+493012345600"
  callback: {lead: 4 h, attempts: 2, spacing: {busy: 90 s}, ring_seconds: 20}
  queue: {max_wait: 10 min, max_waiting: 5}
"""
SECOND = GOOD.replace("shop:", "other:").replace('["+493012345600"]', '["+493012345601"]')

CHANGES = {
    "a number without a country": (
        '["+49',
        '["',
        "2:13: '3012345600' is no valid number; write it with + and the country, as in",
    ),
    "no number": ('["+493012345600"]', "[]", "2:12: name at least one number"),
    "a flow that is none": ("flow: main", "flow: man", "3:9: 'man' is not known here; known are main"),
    "a language without prompts": ("[de, en]", "[de, fr]", "4:19: 'fr' is not known here; known are de, en, bs, pt"),
    "a language twice": ("[de, en]", "[de, de]", "4:14: name at least one, and each only once"),
    "five languages": ("[de, en]", "[de, en, bs, pt, it]", "4:14: at most 4 languages, one for each key"),
    "a zone that is none": ("Europe/Berlin", "Berlin", "5:9: 'Berlin' is no time zone; write it as in Europe/Berlin"),
    "a folder of zones": ("Europe/Berlin", "Europe", "5:9: 'Europe' is no time zone; write it as in Europe/Berlin"),
    "a law that is not kept": (
        "jurisdiction: de",
        "jurisdiction: fr",
        "6:17: 'fr' is not known here; known are de, eu",
    ),
    "a country without holidays": ("country: DE", "country: XX", "7:12: no public holidays are known for 'XX'"),
    "a part of a country that is none": ("subdivision: BE", "subdivision: XX", "8:16: no public holidays are known"),
    "a day that is none": ("mon-fri: 0", "mon-fry: 0", "10:5: 'mon-fry' is no day; write mon or mon-fri"),
    "days that run backwards": ("mon-fri: 0", "fri-mon: 0", "10:5: 'fri-mon' is no day; write mon or mon-fri"),
    "a day twice": ("    sat:", "    fri:", "11:5: fri has its hours already; keep one line"),
    "hours that are none": ("08:00-18:00", "8-18", "10:14: '8-18' are no hours; write them as"),
    "an hour that no clock shows": (
        "08:00-18:00",
        "08:00-18:75",
        "10:14: '08:00-18:75' are no hours; write them as in 08:00-18:00",
    ),
    "hours that overlap": ("13:00-24:00", "11:00-24:00", "11:24: begin before the hours above end"),
    "a day off that is none": ("2026-12-24", "24.12.2026", "12:15: '24.12.2026' is no day; write it as in 2026-12-24"),
    "a company without an address": ("    address: Street 1\n", "", "14:5: a company needs 'address' (S8)"),
    "a company with more": ("    name:", "    fax: 1\n    name:", "14:5: unknown key 'fax'; known are address"),
    "a span of time that is none": ("lead: 4 h", "lead: soon", "20:20: 'soon' is no span of time; write it as"),
    "no time at all": ("lead: 4 h", "lead: 0 h", "20:20: '0 h' is no span of time; write it as in 45 s"),
    "an unknown cause": ("{busy: 90 s}", "{bussy: 90 s}", "20:48: unknown key 'bussy'; did you mean 'busy'?"),
    "an unknown rule": ("{max_wait", "{min_wait: 1 s, max_wait", "21:11: unknown key 'min_wait'; did you mean"),
    "too many attempts": ("attempts: 2", "attempts: 99", "20:35: '99' is no whole number from 1 to 10"),
    "an unknown key": (
        "  flow: main",
        "  colour: red\n  flow: main",
        "3:3: unknown key 'colour'; did you mean 'country'?",
    ),
    "a shift of nobody": (
        "  queue:",
        "  staffing: [{hours: {mon: 08:00-10:00}}]\n  queue:",
        "21:14: a shift needs 'people'",
    ),
    "a shift that speaks what is not offered": (
        "  queue:",
        "  staffing: [{people: 1, languages: [bs]}]\n  queue:",
        "21:38: 'bs' is not known here; known are de, en",
    ),
    "a shift with more": (
        "  queue:",
        "  staffing: [{people: 1, skill: all}]\n  queue:",
        "21:26: unknown key 'skill'; did you mean 'skills'?",
    ),
    "a shift that handles no kind of case": (
        "  queue:",
        "  staffing: [{people: 1, skills: [recalls]}]\n  queue:",
        "21:35: 'recalls' is not known here; known are complaint, cancellation, recall, information",
    ),
    "a shift with a skill twice": (
        "  queue:",
        "  staffing: [{people: 1, skills: [recall, recall]}]\n  queue:",
        "21:34: name at least one, and each only once",
    ),
    "a missing key": ("  flow: main\n", "", "2:3: hotline 'shop' needs 'flow'"),
    "hours on holidays that are none": (
        "  queue:",
        "  holidays: always\n  queue:",
        "21:13: 'always' are no hours; write them as in 08:00-18:00",
    ),
}


def load(folder: Path, text: str) -> Hotlines:
    path = folder / "hotline.yaml"
    path.write_text(text, encoding="utf-8")
    return load_hotlines(path, flows=["main"], languages=["de", "en", "bs", "pt", "it"])


def test_on_holidays_nobody_is_there_unless_the_file_gives_hours(tmp_path: Path) -> None:
    (closed,) = load(tmp_path, GOOD)
    (attended,) = load(tmp_path, GOOD.replace("  queue:", "  holidays: [09:00-12:00, 13:00-24:00]\n  queue:"))

    assert (closed.holiday_hours, attended.holiday_hours) == ((), ((time(9), time(12)), (time(13), time(0))))


def test_a_hotline_is_read_as_it_was_meant(tmp_path: Path) -> None:
    (hotline,) = load(tmp_path, GOOD)

    assert (hotline.name, hotline.main_language, str(hotline.zone)) == ("shop", "de", "Europe/Berlin")
    assert hotline.opening[4] == ((time(8), time(18)),)
    assert hotline.opening[5] == ((time(9), time(12)), (time(13), time(0)))
    assert 6 not in hotline.opening
    assert hotline.closed_on == {date(2026, 12, 24)}
    assert hotline.callback.spacing == {"busy": timedelta(seconds=90)}
    assert (hotline.callback.lead, hotline.callback.attempts) == (timedelta(hours=4), 2)
    assert hotline.queue.max_wait == timedelta(minutes=10)
    assert hotline.company.phone == "+493012345600"


def test_the_staffing_tells_who_is_there_when_and_what_they_can_do(tmp_path: Path) -> None:
    (hotline,) = load(
        tmp_path,
        GOOD
        + """\
  staffing:
    - people: 3
      languages: [en]
      skills: [recall, complaint]
      hours: {mon-tue: 08:00-12:00}
    - people: 2
""",
    )

    assert hotline.staffing == (
        Shift(3, ("en",), dict.fromkeys((0, 1), ((time(8), time(12)),)), ("recall", "complaint")),
        Shift(2, ("de", "en"), None),
    )


def test_rules_that_are_left_out_have_their_defaults(tmp_path: Path) -> None:
    text = "".join(
        line for line in GOOD.splitlines(keepends=True) if not line.startswith(("  callback", "  queue", "    phone"))
    )
    (hotline,) = load(tmp_path, text.replace("  subdivision: BE\n", "").replace("  closed_on: [2026-12-24]\n", ""))

    assert (hotline.callback.attempts, hotline.queue.max_waiting) == (3, 50)
    assert hotline.staffing == ()
    assert (hotline.subdivision, hotline.closed_on, hotline.company.phone) == (None, frozenset(), "")


def test_the_number_that_was_dialled_decides(tmp_path: Path) -> None:
    hotlines = load(tmp_path, GOOD + SECOND)

    assert hotlines.of("+493012345601").name == "other"


def test_a_number_of_no_hotline_is_answered_by_the_first(tmp_path: Path) -> None:
    hotlines = load(tmp_path, GOOD + SECOND)

    assert hotlines.of("+15005550006").name == "shop"


def test_a_hotline_is_found_by_its_name(tmp_path: Path) -> None:
    hotlines = load(tmp_path, GOOD + SECOND)

    assert hotlines.named("other") is hotlines.all[1]
    assert hotlines.named("gone") is None


@pytest.mark.parametrize(("good", "bad", "fault"), CHANGES.values(), ids=CHANGES)
def test_a_fault_of_the_hotline_file_tells_its_place(good: str, bad: str, fault: str, tmp_path: Path) -> None:
    assert good in GOOD

    with pytest.raises(BadFile) as found:
        load(tmp_path, GOOD.replace(good, bad, 1))

    faults = str(found.value).splitlines()
    assert len(faults) == 1
    assert faults[0].startswith(f"{tmp_path.name}/hotline.yaml:{fault}")


def test_a_number_rings_at_one_hotline_only(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="stands in line 2 already; keep it once"):
        load(tmp_path, GOOD + GOOD.replace("shop:", "other:"))


def test_a_file_without_a_hotline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="holds no hotline; add one"):
        load(tmp_path, "{}")


def test_a_hotline_that_is_only_a_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as found:
        load(tmp_path, GOOD + "other: soon\n")

    assert [str(fault) for fault in found.value.faults] == [f"{tmp_path.name}/hotline.yaml:22:8: expected a mapping"]


def test_a_list_where_text_belongs_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as found:
        load(tmp_path, GOOD.replace("zone: Europe/Berlin", "zone: [Europe/Berlin]"))

    assert len(found.value.faults) == 1


def test_hours_for_urgent_matters_are_read_and_lie_outside_the_opening_hours(tmp_path: Path) -> None:
    hours = "  closed_on: [2026-12-24]\n  urgent_hours: {mon-fri: 18:00-20:00, sun: 10:00-12:00}\n"
    (hotline,) = load(tmp_path, GOOD.replace("  closed_on: [2026-12-24]\n", hours))

    assert hotline.urgent_hours[6] == ((time(10), time(12)),)
    with pytest.raises(BadFile, match="overlap the opening hours"):
        load(tmp_path, GOOD.replace("  closed_on: [2026-12-24]\n", hours.replace("18:00-20", "17:30-20")))
