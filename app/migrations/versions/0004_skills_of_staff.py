"""skills of staff

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; who is there already handles every kind of case."""
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("skills", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.alter_column("skills", server_default=None)


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("skills")
