from __future__ import annotations

from datetime import date

import pytest

from app.compliance.calling_hours import PROMISED_CALLBACK, SAFETY
from app.compliance.law import Period
from app.compliance.rule import Citation, Dated, InForce, Verdict, verdict_values
from app.compliance.statute_book import jurisdictions_for, law_of, read_laws, statute_book
from app.domain.errors import BadFile, LawUnknown

TODAY = date(2026, 3, 2)
HOUSE = Citation("house rule", "", TODAY, confirmed=False)


def test_four_jurisdictions_are_known():
    assert set(statute_book()) == {"br-sac", "de", "eu", "us"}


@pytest.mark.parametrize("name", sorted(statute_book()))
def test_every_rule_of_every_jurisdiction_is_in_force(name):
    law = law_of(name)

    rules = [law.recording_consent, law.recording_kept, law.case_kept, law.attempts]
    rules += [law.periods[period] for period in Period]
    rules += [law.calling_hours[kind] for kind in (PROMISED_CALLBACK, SAFETY)]
    assert all(rule.on(TODAY) is not None for rule in rules)


@pytest.mark.parametrize("name", sorted(statute_book()))
def test_every_source_was_read_within_twelve_months_of_the_newest(name):
    newest = max(source.read_on for law in statute_book().values() for source in law.sources.values())

    assert all((newest - source.read_on).days <= 365 for source in law_of(name).sources.values())


@pytest.mark.parametrize("name", sorted(statute_book()))
def test_what_is_no_house_rule_says_where_it_was_read(name):
    sources = law_of(name).sources.values()

    assert all(not source.confirmed for source in sources if source.is_house_rule)
    assert all(
        source.url.startswith("https://") for source in sources if source.confirmed and "states" not in source.text
    )


def test_a_jurisdiction_that_is_not_in_the_book_is_unknown():
    with pytest.raises(LawUnknown, match="'xx'"):
        law_of("xx")


@pytest.mark.parametrize(
    ("country", "hotline", "expected"),
    [
        ("DE", "de", ("de",)),
        ("BR", "de", ("de", "br-sac")),
        ("AT", "de", ("de", "eu")),
        ("BA", "de", ("de",)),
        (None, "br-sac", ("br-sac",)),
        ("DE", "xx", ("xx", "de")),
    ],
)
def test_the_customers_law_counts_besides_the_hotlines(country, hotline, expected):
    assert jurisdictions_for(country, hotline) == expected


def test_no_country_stands_under_two_of_them():
    countries = [country for law in statute_book().values() for country in law.countries]

    assert len(countries) == len(set(countries))


def test_the_faults_of_all_files_are_reported_together(tmp_path):
    (tmp_path / "aa.yaml").write_text("jurisdiction: aa\n", "utf-8")
    (tmp_path / "bb.yaml").write_text("x: 1\n", "utf-8")

    with pytest.raises(BadFile) as bad:
        read_laws(tmp_path)

    assert "aa.yaml:1:1: 'sources' is missing" in str(bad.value)
    assert "bb.yaml:1:1: unknown key 'x'" in str(bad.value)


def test_a_file_tells_of_the_jurisdiction_it_is_named_for(tmp_path):
    from_book = (statute_book.__wrapped__.__globals__["_FOLDER"] / "de.yaml").read_text("utf-8")
    (tmp_path / "dd.yaml").write_text(from_book, "utf-8")

    with pytest.raises(BadFile, match=r"dd\.yaml:1:1: tells of 'de', its name of 'dd'"):
        read_laws(tmp_path)


def test_a_later_value_replaces_an_earlier_one_on_its_day():
    rule = Dated((InForce(date(2020, 1, 1), "old", HOUSE), InForce(date(2022, 10, 3), "new", HOUSE)))

    found = [rule.on(day) for day in (date(2019, 12, 31), date(2022, 10, 2), date(2022, 10, 3))]

    assert [entry and entry.value for entry in found] == [None, "old", "new"]


def test_a_verdict_is_kept_with_its_source():
    kept = verdict_values(
        Verdict(True, "Monday 10:00", Citation("Decree 1", "https://law.example/1", TODAY, confirmed=True))
    )

    assert kept == {
        "allowed": True,
        "reason": "Monday 10:00",
        "source": "Decree 1",
        "url": "https://law.example/1",
        "read_on": "2026-03-02",
        "confirmed": True,
    }


def test_a_verdict_without_a_rule_names_no_source():
    kept = verdict_values(Verdict(False, "no rule", None))

    assert (kept["allowed"], kept["source"], kept["url"], kept["read_on"], kept["confirmed"]) == (
        False,
        None,
        None,
        None,
        None,
    )
