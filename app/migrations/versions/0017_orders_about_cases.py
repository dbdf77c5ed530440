"""orders to the billing system about cases

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("billing_orders") as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE billing_orders SET case_id = (SELECT case_id FROM charges WHERE charges.id = billing_orders.charge_id)"
    )
    with op.batch_alter_table("billing_orders") as batch_op:
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("charge_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(op.f("fk_billing_orders_case_id_cases"), "cases", ["case_id"], ["id"])
        batch_op.create_index(op.f("ix_billing_orders_case_id"), ["case_id"])


def downgrade() -> None:
    """Take it back; orders about cancellations have no place in what was before."""
    op.execute("DELETE FROM billing_orders WHERE charge_id IS NULL")
    with op.batch_alter_table("billing_orders") as batch_op:
        batch_op.drop_index(op.f("ix_billing_orders_case_id"))
        batch_op.drop_constraint(op.f("fk_billing_orders_case_id_cases"), type_="foreignkey")
        batch_op.alter_column("charge_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("case_id")
