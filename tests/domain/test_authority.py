"""T12: who may grant how much."""

import pytest

from app.domain.authority import may_grant


@pytest.mark.parametrize(
    ("role", "own", "cents", "may"),
    [
        ("agent", None, 100_00, True),
        ("agent", None, 100_01, False),
        ("agent", 0, 1, False),
        ("agent", 500_00, 500_00, True),
        ("supervisor", None, 1_000_01, False),
        ("admin", None, 10_000_000_00, True),
        ("stranger", None, 1, False),
    ],
)
def test_nobody_grants_more_than_their_authority(role, own, cents, may):
    assert may_grant(role, own, cents) is may
