"""A campaign of which the office dies in the middle: nobody is called twice, nobody is missed, figures are right."""

from __future__ import annotations

import pytest

from app.cli.simulation.campaign import simulate_campaign


@pytest.mark.parametrize(("owners", "kills"), [(20, 2), pytest.param(300, 6, marks=pytest.mark.long)])
def test_a_campaign_calls_nobody_twice_and_misses_nobody_whoever_dies_meanwhile(owners: int, kills: int) -> None:
    """P8, P10; the same at 10,000 owners by `scripts/hotline simulate campaign`, see docs/recalls.md."""
    found = simulate_campaign(owners, kills, seed=3, proved=True)

    assert found.wrong == []
    assert [death.moment for death in found.deaths] == ["before", "after"] * (kills // 2)
    assert (found.rung_twice_after_warning, found.never_rung) == (0, 0)
