"""times offered

Revision ID: 0014
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("forewarnings") as batch_op:
        batch_op.add_column(sa.Column("offers", sa.JSON(), nullable=False, server_default="[]"))
    # What was offered before stood alone, with no instant before which nobody calls but the old deadline.
    promises = sa.table("promises", sa.column("id"), sa.column("due_at"))
    warnings = sa.table(
        "forewarnings",
        *map(sa.column, ("id", "promise_id", "offered_due_at")),
        sa.column("offers", sa.JSON),
    )
    bind = op.get_bind()
    query = (
        sa.select(warnings.c.id, promises.c.due_at, warnings.c.offered_due_at)
        .join(promises, promises.c.id == warnings.c.promise_id)
        .where(warnings.c.offered_due_at.is_not(None))
    )
    for row in bind.execute(query).all():
        offer = [[_utc(row.due_at), _utc(row.offered_due_at)]]
        bind.execute(sa.update(warnings).where(warnings.c.id == row.id).values(offers=offer))
    with op.batch_alter_table("forewarnings") as batch_op:
        batch_op.alter_column("offers", server_default=None)


def _utc(stored: object) -> str:
    """The instant as it is written in an offer; SQLite hands out texts without an offset, which are UTC."""
    text = str(stored).replace(" ", "T")
    return text if text[-6] in "+-" else f"{text}+00:00"


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("forewarnings") as batch_op:
        batch_op.drop_column("offers")
