"""open promises at a glance: the kind of case beside the promise, and an index that holds all a plan must know

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = ["status", "hotline", "due_at", "next_attempt_at", "language", "whereabouts", "phone_index", "kind", "id"]


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE promises SET kind = (SELECT kind FROM cases WHERE cases.id = promises.case_id)")
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)
    is_open = sa.text("status = 'open'")
    op.create_index("ix_promises_planned", "promises", _COLUMNS, sqlite_where=is_open, postgresql_where=is_open)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_promises_planned", "promises")
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_column("kind")
