"""who is rung in the browser, and whether the page is open

Revision ID: 0034
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0034"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; whoever is there keeps being rung at the number."""
    op.add_column("staff", sa.Column("rings_softphone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("staff", sa.Column("softphone_name", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("softphone_until", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("staff", "softphone_until")
    op.drop_column("staff", "softphone_name")
    op.drop_column("staff", "rings_softphone")
