"""how satisfied customers are whose complaint was closed

Revision ID: 0039
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0039"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "satisfactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("recommends", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satisfactions")),
        sa.UniqueConstraint("case_id", name=op.f("uq_satisfactions_case_id")),
    )
    op.create_index(op.f("ix_satisfactions_phone_index"), "satisfactions", ["phone_index"])
    op.add_column("logged_calls", sa.Column("satisfaction", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("logged_calls", "satisfaction")
    op.drop_table("satisfactions")
