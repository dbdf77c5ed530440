"""recall catalogue, owners and answers

Revision ID: 0012
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "owned_products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("added_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owned_products")),
        sa.UniqueConstraint("key", name=op.f("uq_owned_products_key")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_owned_products_source_source_id")),
    )
    with op.batch_alter_table("owned_products", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_owned_products_phone_index"), ["phone_index"], unique=False)

    op.create_table(
        "owned_identifiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owned_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("normal", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["owned_id"],
            ["owned_products.id"],
            name=op.f("fk_owned_identifiers_owned_id_owned_products"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owned_identifiers")),
    )
    with op.batch_alter_table("owned_identifiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_owned_identifiers_normal"), ["normal"], unique=False)
        batch_op.create_index(batch_op.f("ix_owned_identifiers_owned_id"), ["owned_id"], unique=False)

    op.create_table(
        "recall_dossiers",
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("changed_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_recall_dossiers_changed_by_staff")),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recalls.id"], name=op.f("fk_recall_dossiers_recall_id_recalls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recall_id", name=op.f("pk_recall_dossiers")),
    )
    op.create_table(
        "recall_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("call_key", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("said_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("handover", sa.Text(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("chosen_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_key"], ["calls.key"], name=op.f("fk_recall_answers_call_key_calls")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_recall_answers_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recalls.id"], name=op.f("fk_recall_answers_recall_id_recalls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_answers")),
        sa.UniqueConstraint("call_key", "recall_id", name=op.f("uq_recall_answers_call_key_recall_id")),
        sa.UniqueConstraint("key", name=op.f("uq_recall_answers_key")),
    )
    with op.batch_alter_table("recall_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_answers_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recall_answers_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_recall_answers_recall_id"), ["recall_id"], unique=False)

    with op.batch_alter_table("recall_identifiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_identifiers_normal"))
        batch_op.create_index("ix_recall_identifiers_normal", ["normal", "is_listed"], unique=False)

    with op.batch_alter_table("recalls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recalls_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_recalls_published_on"), ["published_on"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("recalls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recalls_published_on"))
        batch_op.drop_index(batch_op.f("ix_recalls_number"))

    with op.batch_alter_table("recall_identifiers", schema=None) as batch_op:
        batch_op.drop_index("ix_recall_identifiers_normal")
        batch_op.create_index(batch_op.f("ix_recall_identifiers_normal"), ["normal"], unique=False)

    with op.batch_alter_table("recall_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_answers_recall_id"))
        batch_op.drop_index(batch_op.f("ix_recall_answers_phone_index"))
        batch_op.drop_index(batch_op.f("ix_recall_answers_case_id"))

    op.drop_table("recall_answers")
    op.drop_table("recall_dossiers")
    with op.batch_alter_table("owned_identifiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_owned_identifiers_owned_id"))
        batch_op.drop_index(batch_op.f("ix_owned_identifiers_normal"))

    op.drop_table("owned_identifiers")
    with op.batch_alter_table("owned_products", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_owned_products_phone_index"))

    op.drop_table("owned_products")
