"""writes of other systems

Revision ID: 0032
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0032"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.add_column(sa.Column("acts_for", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_api_tokens_acts_for_staff"), "staff", ["acts_for"], ["id"])
    op.create_table(
        "api_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_tokens.id"], name=op.f("fk_api_requests_token_id_api_tokens")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_requests")),
        sa.UniqueConstraint("token_id", "key", name=op.f("uq_api_requests_token_id_key")),
    )
    op.create_index(op.f("ix_api_requests_at"), "api_requests", ["at"])


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(op.f("ix_api_requests_at"), "api_requests")
    op.drop_table("api_requests")
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.drop_constraint(op.f("fk_api_tokens_acts_for_staff"), type_="foreignkey")
        batch_op.drop_column("acts_for")
