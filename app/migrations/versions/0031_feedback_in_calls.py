"""feedback in calls

Revision ID: 0031
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0031"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("recall_feedback", sa.Column("called_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("recall_feedback", "called_at")
