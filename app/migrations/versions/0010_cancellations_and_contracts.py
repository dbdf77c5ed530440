"""cancellations and contracts

Revision ID: 0010
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0010"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "contracts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("hotline", sa.Text(), nullable=False),
        sa.Column("number_index", sa.Text(), nullable=False),
        sa.Column("digits_index", sa.Text(), nullable=False),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("imported_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("hotline", "number_index", name=op.f("uq_contracts_hotline_number_index")),
        sa.UniqueConstraint("key", name=op.f("uq_contracts_key")),
    )
    op.create_index(op.f("ix_contracts_digits_index"), "contracts", ["digits_index"], unique=False)
    op.create_index(op.f("ix_contracts_phone_index"), "contracts", ["phone_index"], unique=False)

    op.create_table(
        "cancellations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("found_by", sa.Text(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ends_chosen_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("withdraw_until", sa.Date(), nullable=True),
        sa.Column("legal_ref", sa.Text(), nullable=False),
        sa.Column("withdrawal", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("receipt_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_changed", sa.Boolean(), nullable=False),
        sa.Column("keys", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_cancellations_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellations")),
        sa.UniqueConstraint("case_id", name=op.f("uq_cancellations_case_id")),
        sa.UniqueConstraint("key", name=op.f("uq_cancellations_key")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("cancellations")
    op.drop_index(op.f("ix_contracts_phone_index"), table_name="contracts")
    op.drop_index(op.f("ix_contracts_digits_index"), table_name="contracts")

    op.drop_table("contracts")
