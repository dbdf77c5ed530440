"""what waiting callers ask about

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("waits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_waits_case_id_cases"), "cases", ["case_id"], ["id"])


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("waits", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_waits_case_id_cases"), type_="foreignkey")
        batch_op.drop_column("case_id")
