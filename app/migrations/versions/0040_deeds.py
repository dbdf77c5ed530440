"""what was done to many cases at once

Revision ID: 0040
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0040"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "deeds",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_deeds_staff_id_staff")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deeds")),
    )
    op.create_index(op.f("ix_deeds_staff_id"), "deeds", ["staff_id"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("deeds")
