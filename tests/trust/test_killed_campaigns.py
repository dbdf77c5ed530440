"""Clock processes that are killed in the middle of a campaign: nobody is called twice, nobody is missed (issue 5)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.campaign import CampaignPlan, Medium, Origin, WavePlan
from app.domain.clock import SystemClock
from app.domain.recall_draft import Draft, recall_from
from app.models.campaign import CampaignContact
from app.models.office import ClockAnchor
from app.models.recall import RecallRow
from app.services.draw_up_campaign import draw_up_campaign
from app.services.import_owners import import_owners
from app.services.import_recalls import add_recall
from app.services.lead_campaign import start
from app.settings import Settings
from tests.trust.clock_rig import SPEED, legs_at_the_network, office_processes, open_office
from tests.trust.fates import Fates

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DEATHS = ("die at before the request", "die at after the request")
LEFT = (
    sa.select(sa.func.count()).select_from(CampaignContact).where(CampaignContact.status.in_(("queued", "under_way")))
)


def begin_campaign(settings: Settings, count: int) -> list[str]:
    """So many owners of a recalled product, and a campaign that rings them; gives their numbers."""
    office = VirtualOffice(settings, seed=9)
    runtime, owners = office.runtime, [f"+491511234{place:04d}" for place in range(count)]
    register = "phone;model\n" + "".join(f"{number};ZX 11\n" for number in owners)
    plan = CampaignPlan(
        name="ZX", audience=(Origin.OWNER,), waves=(WavePlan(medium=Medium.CALL),), per_second=20, lines=20
    )
    with runtime.database.sessions.begin() as session:
        recall = recall_from(Draft(title="x", product="x", hazard="fire", models="ZX 11"), "H1", MONDAY.date())
        row = session.get_one(RecallRow, add_recall(session, recall, MONDAY).id)
        import_owners(
            session, runtime.vault, BytesIO(register.encode()), name="register", country="DE",
            now=MONDAY,
        )  # fmt: skip
        campaign = draw_up_campaign(session, runtime.vault, next(iter(runtime.hotlines)), row, plan, None, now=MONDAY)
        start(session, campaign, above=10_000, now=MONDAY)
        session.add(ClockAnchor(id=1, base_speed=SPEED, speed=SPEED, wall_at=SystemClock().now(), office_at=MONDAY))
    office.close()
    return owners


@pytest.mark.crash
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("database_url", "owners", "kills"),
    [
        ("sqlite", 6, 2),
        pytest.param("sqlite", 300, 40, marks=pytest.mark.long),
        pytest.param("postgres", 300, 40, marks=pytest.mark.long),
    ],
    indirect=["database_url"],
)
def test_a_campaign_killed_in_the_middle_calls_nobody_twice_and_misses_nobody(
    settings: Settings, environ: dict[str, str], tmp_path: Path, owners: int, kills: int
) -> None:
    numbers = begin_campaign(settings, owners)
    with office_processes(settings, environ, tmp_path) as processes:
        open_office(processes, numbers, label="owner")
        lived = Fates(processes, settings, DEATHS * (kills // 2), clocks=2, still=LEFT)
        lived.run(seconds=300)
        rings = Counter(leg["to"] for leg in legs_at_the_network(processes))

    engine = sa.create_engine(settings.database_url)
    with engine.connect() as connection:
        ends = Counter(connection.scalars(sa.select(CampaignContact.status)))
    engine.dispose()
    assert sum(lived.met.values()) == kills
    assert rings == dict.fromkeys(numbers, 1)
    assert ends == {"reached": owners}
