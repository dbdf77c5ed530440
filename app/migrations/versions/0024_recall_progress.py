"""recall progress

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TABLE = "recall_notices"
"""Rows are added to it; they never change and never go, as since 0005."""


def _guard() -> None:
    """Have the database itself refuse changes."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {_TABLE}_append_only BEFORE UPDATE OR DELETE ON {_TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_always()"
        )
        return
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {_TABLE}_append_only_{verb} BEFORE {verb.upper()} ON {_TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{_TABLE} is append-only'); END"
        )


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "recall_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("noted_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["noted_by"], ["staff.id"], name=op.f("fk_recall_corrections_noted_by_staff")),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_corrections_recall_id_recalls")),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_recall_corrections_taken_back_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_corrections")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_recall_corrections_answer_id")),
        sa.UniqueConstraint("key", name=op.f("uq_recall_corrections_key")),
    )
    with op.batch_alter_table("recall_corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_corrections_recall_id"), ["recall_id"], unique=False)

    op.create_table(
        "recall_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("asked_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("solved", sa.Text(), nullable=True),
        sa.Column("answered_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_feedback_recall_id_recalls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_feedback")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_recall_feedback_answer_id")),
    )
    with op.batch_alter_table("recall_feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_feedback_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_recall_feedback_recall_id"), ["recall_id"], unique=False)

    op.create_table(
        "recall_incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("injuries", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_incidents_recall_id_recalls")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_recall_incidents_written_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_incidents")),
        sa.UniqueConstraint("key", name=op.f("uq_recall_incidents_key")),
    )
    with op.batch_alter_table("recall_incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_incidents_recall_id"), ["recall_id"], unique=False)

    op.create_table(
        "recall_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_notices_recall_id_recalls")),
        sa.ForeignKeyConstraint(["written_by"], ["staff.id"], name=op.f("fk_recall_notices_written_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_recall_notices_key")),
    )
    with op.batch_alter_table("recall_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_notices_recall_id"), ["recall_id"], unique=False)

    op.create_table(
        "recall_units",
        sa.Column("recall_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("changed_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_recall_units_changed_by_staff")),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recalls.id"], name=op.f("fk_recall_units_recall_id_recalls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recall_id", "level", name=op.f("pk_recall_units")),
    )
    with op.batch_alter_table("recall_answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("person", sa.Text(), nullable=False, server_default=""))
    # Keys are random; the first one of a number's answers to a recall becomes the person's name in all of them.
    op.execute(
        "UPDATE recall_answers SET person = COALESCE((SELECT earlier.key FROM recall_answers AS earlier "
        "WHERE earlier.recall_id = recall_answers.recall_id AND earlier.phone_index = recall_answers.phone_index "
        "ORDER BY earlier.id LIMIT 1), recall_answers.key)"
    )
    with op.batch_alter_table("recall_answers", schema=None) as batch_op:
        batch_op.alter_column("person", server_default=None)
    _guard()


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("recall_answers", schema=None) as batch_op:
        batch_op.drop_column("person")

    op.drop_table("recall_units")
    with op.batch_alter_table("recall_notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_notices_recall_id"))

    op.drop_table("recall_notices")
    with op.batch_alter_table("recall_incidents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_incidents_recall_id"))

    op.drop_table("recall_incidents")
    with op.batch_alter_table("recall_feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_feedback_recall_id"))
        batch_op.drop_index(batch_op.f("ix_recall_feedback_phone_index"))

    op.drop_table("recall_feedback")
    with op.batch_alter_table("recall_corrections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_corrections_recall_id"))

    op.drop_table("recall_corrections")
