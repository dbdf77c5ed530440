"""when attempts ended

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.create_index("ix_attempts_ended_at", ["ended_at"])
        batch_op.create_index("ix_attempts_wrapped_up_at", ["wrapped_up_at"])


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_index("ix_attempts_wrapped_up_at")
        batch_op.drop_index("ix_attempts_ended_at")
