"""The drawings of a month; every figure in them stands in the JSON report, too."""

from __future__ import annotations

from pathlib import Path

from app.cli.simulation.month_report import MonthReport
from app.cli.simulation.svg import Series, bars


def draw_month(found: MonthReport, folder: Path) -> None:
    """Write the drawings into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    days, late, busy = found.by_day(), found.lateness(), found.occupancy()
    (folder / "promises-by-day.svg").write_text(
        bars(
            "Promises by the day they fell due",
            places=[day[5:] for day in days],
            series=[
                Series("kept in time", [row["kept"] for row in days.values()]),
                Series("late or broken", [row["late"] for row in days.values()]),
                Series("ended otherwise", [row["otherwise"] for row in days.values()]),
            ],
            x_axis="day of the deadline (month-day, UTC)",
            y_axis="promises",
            stacked=True,
        ),
        encoding="utf-8",
    )
    (folder / "lateness.svg").write_text(
        bars(
            "How late those were called whose promise was not kept in time",
            places=list(late),
            series=[Series("promises", list(late.values()))],
            x_axis="from the deadline to the conversation",
            y_axis="promises",
        ),
        encoding="utf-8",
    )
    (folder / "occupancy-by-hour.svg").write_text(
        bars(
            "How busy the agents were",
            places=[f"{hour:02d}" for hour in busy],
            series=[Series("rung or speaking", list(busy.values()))],
            x_axis="hour of the day (UTC)",
            y_axis="% of the time they were there",
        ),
        encoding="utf-8",
    )
