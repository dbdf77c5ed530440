"""What the ticks of the clock look at, so that those that would find nothing need not be run."""

from __future__ import annotations

from typing import Final

from app.cli.next_due import OVERDUE

EAGER: Final = ("start attempts", "start contacts", "lead campaigns", "send", "deliver orders", "post letters")
"""The ticks that may find work after anything has happened; what the others look for is a matter of time alone."""

LOOKS_AT: Final[dict[str, set[str]]] = {
    "start attempts": {"promises", "staff", "calls", "attempts", "waits"},
    "start contacts": {"campaigns", "campaign_contacts", "promises", "calls"},
    "lead campaigns": {"campaigns", "campaign_waves", "campaign_contacts", "outbox"},
    "send": {"outbox"},
    "deliver orders": {"billing_orders"},
    "post letters": {"outbox"},
    "reconcile": {"attempts"},
    "break overdue": {OVERDUE},
    "remind": {"reminders"},
    "foresee": {"promises"},
    "close calls": {"calls"},
    "replay spool": set(),
}
"""By tick the tables in which something may fall due for it, or `OVERDUE`; one that is not here looks at everything."""

NEVER: Final = ("heartbeat",)
"""There is nobody here to look at it."""
