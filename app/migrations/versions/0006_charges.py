"""charges and billing orders

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "charges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("invoice", sa.LargeBinary(), nullable=True),
        sa.Column("suspended_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decide_by", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("legal_ref", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_charges_case_id_cases")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_charges_decided_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
        sa.UniqueConstraint("case_id", name=op.f("uq_charges_case_id")),
        sa.UniqueConstraint("key", name=op.f("uq_charges_key")),
    )
    op.create_index(op.f("ix_charges_decide_by"), "charges", ["decide_by"], unique=False)

    op.create_table(
        "billing_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("charge_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("claimed_until", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("accepted_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["charge_id"], ["charges.id"], name=op.f("fk_billing_orders_charge_id_charges")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_orders")),
        sa.UniqueConstraint("key", name=op.f("uq_billing_orders_key")),
    )
    op.create_index(op.f("ix_billing_orders_charge_id"), "billing_orders", ["charge_id"], unique=False)
    op.create_index(op.f("ix_billing_orders_next_at"), "billing_orders", ["next_at"], unique=False)
    op.create_index(op.f("ix_billing_orders_status"), "billing_orders", ["status"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(op.f("ix_billing_orders_status"), table_name="billing_orders")
    op.drop_index(op.f("ix_billing_orders_next_at"), table_name="billing_orders")
    op.drop_index(op.f("ix_billing_orders_charge_id"), table_name="billing_orders")

    op.drop_table("billing_orders")
    op.drop_index(op.f("ix_charges_decide_by"), table_name="charges")

    op.drop_table("charges")
