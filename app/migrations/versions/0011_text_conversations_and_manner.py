"""text conversations and manner

Revision ID: 0011
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0011"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; every conversation until now was a call."""
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.Text(), nullable=False, server_default="phone"))
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.alter_column("channel", server_default=None)
    with op.batch_alter_table("callers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("manner", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("no_texts", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("callers", schema=None) as batch_op:
        batch_op.alter_column("no_texts", server_default=None)
    op.create_table(
        "received_texts",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.Column("call_key", sa.Text(), nullable=True),
        sa.Column("at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_received_texts")),
    )
    with op.batch_alter_table("received_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_received_texts_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_received_texts_phone_index"), ["phone_index"], unique=False)


def downgrade() -> None:
    """Take the step back; what was written in text conversations goes with it."""
    op.drop_table("received_texts")
    with op.batch_alter_table("callers", schema=None) as batch_op:
        batch_op.drop_column("no_texts")
        batch_op.drop_column("manner")
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_column("channel")
