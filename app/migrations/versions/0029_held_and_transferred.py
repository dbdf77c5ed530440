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
    """Bring the tables forward; without copying the table, since SQLite would forget its triggers."""
    op.add_column("attempts", sa.Column("held_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("attempts", sa.Column("transfer_to", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("attempts", "transfer_to")
    op.drop_column("attempts", "held_at")
