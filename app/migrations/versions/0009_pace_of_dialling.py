"""pace of dialling

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "dial_pace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("next_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dial_pace")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("dial_pace")
