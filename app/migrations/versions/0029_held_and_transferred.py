"""customers on hold, and who is asked to take over

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.add_column(sa.Column("held_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("transfer_to", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_attempts_transfer_to_staff"), "staff", ["transfer_to"], ["id"])


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_constraint(op.f("fk_attempts_transfer_to_staff"), type_="foreignkey")
        batch_op.drop_column("transfer_to")
        batch_op.drop_column("held_at")
