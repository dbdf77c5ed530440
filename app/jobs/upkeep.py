"""What the clock does for the office's own books: the journal, and what is kept for how long.

Nothing of it changes what a customer hears, so a day that is only simulated does without.
"""

from __future__ import annotations

from app.runtime import Runtime
from app.services.check_journal import check_journal
from app.services.seal_journal import seal_journal


def seal(runtime: Runtime) -> int:
    """Enter new rows into the journal."""
    return seal_journal(runtime.database, runtime.vault, now=runtime.clock.now())


def check(runtime: Runtime) -> bool:
    """Verify the next part of the journal; whether it shows that something was altered."""
    return check_journal(runtime.database, runtime.vault, now=runtime.clock.now()) is not None
