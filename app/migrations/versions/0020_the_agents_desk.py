"""the agent's desk: drafts, approvals, presence, authority, callers on hold

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_approvals_asked_by_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_approvals_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_approvals_decided_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("key", name=op.f("uq_approvals_key")),
    )
    op.create_index(op.f("ix_approvals_asked_by"), "approvals", ["asked_by"])
    op.create_index(op.f("ix_approvals_case_id"), "approvals", ["case_id"])
    op.create_index(op.f("ix_approvals_status"), "approvals", ["status"])
    op.create_index(
        "uq_approvals_open", "approvals", ["case_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("typed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_drafts_case_id_cases")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_drafts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("case_id", "staff_id", "place", name=op.f("uq_drafts_case_id_staff_id_place")),
        sa.UniqueConstraint("key", name=op.f("uq_drafts_key")),
    )
    op.create_index(op.f("ix_drafts_case_id"), "drafts", ["case_id"])
    op.create_index(op.f("ix_drafts_staff_id"), "drafts", ["staff_id"])
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.add_column(sa.Column("on_hold_at", UtcDateTime(timezone=True), nullable=True))
    with op.batch_alter_table("staff") as batch_op:
        batch_op.add_column(sa.Column("away_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("presence_since", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("authority_cents", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("desk", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("staff") as batch_op:
        batch_op.alter_column("desk", server_default=None)


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("staff") as batch_op:
        batch_op.drop_column("desk")
        batch_op.drop_column("authority_cents")
        batch_op.drop_column("presence_since")
        batch_op.drop_column("away_reason")
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_column("on_hold_at")
    op.drop_table("drafts")
    op.drop_table("approvals")
