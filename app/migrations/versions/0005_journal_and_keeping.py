"""journal and keeping

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GUARDED = ("turns", "case_events", "leg_events", "transcripts", "saved_flows")
"""Rows are added to these; they change or go only in a transaction that holds a removal permit."""

NEVER = ("journal", "removals")
"""Rows are added to these; they never change and never go."""

_REFUSE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$
"""
_NO_PERMIT = "NOT EXISTS (SELECT 1 FROM removal_permits)"


def _guard() -> None:
    """Have the database itself refuse changes."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE.format(name="refuse_without_permit", condition=_NO_PERMIT))
        op.execute(_REFUSE.format(name="refuse_always", condition="true"))
        for table in (*GUARDED, *NEVER):
            function = "refuse_without_permit" if table in GUARDED else "refuse_always"
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
        return
    for table in (*GUARDED, *NEVER):
        when = f"WHEN {_NO_PERMIT} " if table in GUARDED else ""
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_append_only_{verb} BEFORE {verb.upper()} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _leave_unguarded() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in (*GUARDED, *NEVER):
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute("DROP FUNCTION refuse_without_permit()")
        op.execute("DROP FUNCTION refuse_always()")
        return
    for table in (*GUARDED, *NEVER):
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_append_only_{verb}")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=True),
        sa.Column("asked_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("due_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("legal_ref", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ready_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
        sa.UniqueConstraint("key", name=op.f("uq_data_requests_key")),
    )
    with op.batch_alter_table("data_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_requests_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_data_requests_status"), ["status"], unique=False)

    op.create_table(
        "journal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal")),
        sa.UniqueConstraint("source", "row_key", name=op.f("uq_journal_source_row_key")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_source_number", ["source", "number"], unique=False)

    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("checked_through", sa.Integer(), nullable=False),
        sa.Column("checked_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "removal_permits",
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_removal_permits")),
    )
    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
        sa.UniqueConstraint("subject", "kind", name=op.f("uq_removals_subject_kind")),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("placed_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("lifted_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_holds_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint("key", name=op.f("uq_holds_key")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holds_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delete_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_calls_delete_on"), ["delete_on"], unique=False)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delete_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_cases_delete_on"), ["delete_on"], unique=False)

    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("delete_on", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_recordings_delete_on"), ["delete_on"], unique=False)

    _guard()


def downgrade() -> None:
    """Take the step back."""
    _leave_unguarded()
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recordings_delete_on"))
        batch_op.drop_column("delete_on")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_delete_on"))
        batch_op.drop_column("delete_on")

    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calls_delete_on"))
        batch_op.drop_column("delete_on")

    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holds_case_id"))

    op.drop_table("holds")
    op.drop_table("removals")
    op.drop_table("removal_permits")
    op.drop_table("journal_head")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_source_number")

    op.drop_table("journal")
    with op.batch_alter_table("data_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_requests_status"))
        batch_op.drop_index(batch_op.f("ix_data_requests_due_at"))

    op.drop_table("data_requests")
