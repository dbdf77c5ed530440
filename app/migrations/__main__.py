"""`python -m app.migrations upgrade`: migrate the configured database; on a first start, print the way in."""

import sys
from collections.abc import Sequence

from app.domain.clock import SystemClock
from app.migrations.upgrade import upgrade
from app.models.engines import Database
from app.runtime import read_settings
from app.services.found_office import found_office


def main(arguments: Sequence[str] = ()) -> int:
    """Migrate, or say how to call this."""
    if list(arguments) != ["upgrade"]:
        print("usage: python -m app.migrations upgrade", file=sys.stderr)
        return 2
    settings = read_settings()
    upgrade(settings.database_url)
    token = _link(settings.database_url)
    if token is not None:
        print("Nobody works here yet. Whoever opens this address becomes the administrator, once, within three days:")
        print(f"{settings.public_url}/desk/welcome/{token}")
    return 0


def _link(url: str) -> str | None:
    database = Database(url, pool_size=1)
    try:
        with database.sessions.begin() as session:
            return found_office(session, wall_now=SystemClock().now())
    finally:
        database.dispose()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
