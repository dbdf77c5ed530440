"""signals

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLE = "signal_events"
"""Rows are added to it; they change or go only in a transaction that holds a removal permit, as since 0005."""


def _guard() -> None:
    """Have the database itself refuse changes."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {_TABLE}_append_only BEFORE UPDATE OR DELETE ON {_TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_without_permit()"
        )
        return
    for verb in ("update", "delete"):
        when = "WHEN NOT EXISTS (SELECT 1 FROM removal_permits)"
        op.execute(
            f"CREATE TRIGGER {_TABLE}_append_only_{verb} BEFORE {verb.upper()} ON {_TABLE} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{_TABLE} is append-only'); END"
        )


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "hazard_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("is_calm", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_mark")),
    )
    op.create_table(
        "hazard_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("received_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.Column("points", sa.Boolean(), nullable=False),
        sa.Column("dangers", sa.JSON(), nullable=False),
        sa.Column("explained", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_reports")),
        sa.UniqueConstraint("case_id", name=op.f("uq_hazard_reports_case_id")),
    )
    with op.batch_alter_table("hazard_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hazard_reports_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index("ix_hazard_reports_received", ["received_at", "points"], unique=False)

    op.create_table(
        "hazard_subjects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("normal", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("is_due", sa.Boolean(), nullable=False),
        sa.Column("began_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("began_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("tested_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["hazard_subjects.id"], name=op.f("fk_hazard_subjects_product_id_hazard_subjects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_subjects")),
        sa.UniqueConstraint("kind", "normal", name=op.f("uq_hazard_subjects_kind_normal")),
    )
    with op.batch_alter_table("hazard_subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hazard_subjects_is_due"), ["is_due"], unique=False)

    op.create_table(
        "hazard_counts",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("received_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["hazard_reports.id"],
            name=op.f("fk_hazard_counts_report_id_hazard_reports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["hazard_subjects.id"], name=op.f("fk_hazard_counts_subject_id_hazard_subjects")
        ),
        sa.PrimaryKeyConstraint("report_id", "subject_id", name=op.f("pk_hazard_counts")),
    )
    with op.batch_alter_table("hazard_counts", schema=None) as batch_op:
        batch_op.create_index("ix_hazard_counts_stream", ["subject_id", "received_at", "report_id"], unique=False)

    op.create_table(
        "hazard_signals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("raised_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("baseline", sa.Double(), nullable=False),
        sa.Column("complaints", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("course", sa.JSON(), nullable=False),
        sa.Column("grew", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["hazard_subjects.id"], name=op.f("fk_hazard_signals_subject_id_hazard_subjects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hazard_signals")),
    )
    with op.batch_alter_table("hazard_signals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hazard_signals_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_hazard_signals_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "recall_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signal_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("changed_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("recall_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_recall_drafts_changed_by_staff")),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["hazard_signals.id"], name=op.f("fk_recall_drafts_signal_id_hazard_signals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_drafts")),
        sa.UniqueConstraint("signal_id", name=op.f("uq_recall_drafts_signal_id")),
    )
    op.create_table(
        "signal_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["hazard_signals.id"], name=op.f("fk_signal_events_signal_id_hazard_signals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_events")),
        sa.UniqueConstraint("key", name=op.f("uq_signal_events_key")),
    )
    with op.batch_alter_table("signal_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signal_events_signal_id"), ["signal_id"], unique=False)
    _guard()


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("signal_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signal_events_signal_id"))

    op.drop_table("signal_events")
    op.drop_table("recall_drafts")
    with op.batch_alter_table("hazard_signals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hazard_signals_subject_id"))
        batch_op.drop_index(batch_op.f("ix_hazard_signals_status"))

    op.drop_table("hazard_signals")
    with op.batch_alter_table("hazard_counts", schema=None) as batch_op:
        batch_op.drop_index("ix_hazard_counts_stream")

    op.drop_table("hazard_counts")
    with op.batch_alter_table("hazard_subjects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hazard_subjects_is_due"))

    op.drop_table("hazard_subjects")
    with op.batch_alter_table("hazard_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_hazard_reports_received")
        batch_op.drop_index(batch_op.f("ix_hazard_reports_phone_index"))

    op.drop_table("hazard_reports")
    op.drop_table("hazard_mark")
