"""plans of promises

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("whereabouts", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_column("whereabouts")
        batch_op.drop_column("plan")
