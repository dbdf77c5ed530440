from __future__ import annotations

from datetime import date

from app.compliance.law import KeptDays
from app.compliance.retention import keep_by_all
from app.compliance.rule import Citation, InForce

DAY = date(2026, 3, 2)


def _rule(name, at_least, at_most):
    return InForce(DAY, KeptDays(at_least, at_most), Citation(name, "", DAY, confirmed=False))


def test_the_duty_to_keep_goes_before_the_duty_to_delete():
    keep = keep_by_all([_rule("keeps", 90, 180), _rule("deletes", 0, 30)], DAY)

    assert (keep.not_before, keep.not_after) == (date(2026, 5, 31), date(2026, 5, 31))
    assert keep.citation.text == "keeps"


def test_the_earliest_duty_to_delete_counts():
    keep = keep_by_all([_rule("keeps", 10, 180), _rule("deletes", 0, 30)], DAY)

    assert (keep.not_before, keep.not_after) == (date(2026, 3, 12), date(2026, 4, 1))
