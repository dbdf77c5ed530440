"""`python -m app.migrations upgrade`: migrate the configured database."""

import sys

from app.migrations.upgrade import upgrade
from app.runtime import read_settings


def main() -> int:
    """Migrate, or say how to call this."""
    if sys.argv[1:] != ["upgrade"]:
        print("usage: python -m app.migrations upgrade", file=sys.stderr)
        return 2
    upgrade(read_settings().database_url)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
