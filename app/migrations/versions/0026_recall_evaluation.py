"""recall evaluation

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "recall_evaluations",
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_evaluations_recall_id_recalls")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_recall_evaluations_written_by_staff")),
        sa.PrimaryKeyConstraint("recall_id", name=op.f("pk_recall_evaluations")),
    )
    with op.batch_alter_table("recall_answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("medium", sa.Text(), nullable=False, server_default="phone"))

    op.execute(
        "UPDATE recall_answers SET medium = 'text' WHERE EXISTS "
        "(SELECT 1 FROM calls WHERE calls.key = recall_answers.call_key AND calls.channel = 'text')"
    )
    op.execute(
        "UPDATE recall_answers SET medium = 'outreach' WHERE EXISTS "
        "(SELECT 1 FROM calls WHERE calls.key = recall_answers.call_key AND calls.rung_by IS NOT NULL)"
    )
    with op.batch_alter_table("recall_answers", schema=None) as batch_op:
        batch_op.alter_column("medium", server_default=None)


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("recall_answers", schema=None) as batch_op:
        batch_op.drop_column("medium")

    op.drop_table("recall_evaluations")
