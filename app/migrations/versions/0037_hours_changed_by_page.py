"""hours and rosters changed by page

Revision ID: 0037
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "hotline_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hotline", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("written", sa.JSON(), nullable=False),
        sa.Column("replaced", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_hotline_changes_made_by_staff")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["staff.id"], name=op.f("fk_hotline_changes_withdrawn_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_changes")),
    )
    op.create_index(op.f("ix_hotline_changes_hotline"), "hotline_changes", ["hotline"])
    op.create_index(op.f("ix_hotline_changes_made_by"), "hotline_changes", ["made_by"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("hotline_changes")
