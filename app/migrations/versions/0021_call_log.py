"""call log

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_OF_PROMISE = (
    "SELECT NEW.call_key, CAST(NULL AS INTEGER) WHERE NEW.call_key IS NOT NULL "
    "UNION SELECT c.call_key, CAST(NULL AS INTEGER) FROM cases c WHERE c.id = NEW.case_id AND c.call_key IS NOT NULL"
)
_OF_ATTEMPT = (
    "SELECT NEW.wait_key, CAST(NULL AS INTEGER) WHERE NEW.wait_key IS NOT NULL "
    "UNION SELECT p.call_key, CAST(NULL AS INTEGER) FROM promises p "
    "WHERE p.id = NEW.promise_id AND p.call_key IS NOT NULL "
    "UNION SELECT c.call_key, CAST(NULL AS INTEGER) FROM promises p JOIN cases c ON c.id = p.case_id "
    "WHERE p.id = NEW.promise_id AND c.call_key IS NOT NULL"
)
WATCHED = (
    ("calls", "INSERT", "SELECT NEW.key, NULL"),
    ("calls", "UPDATE OF status, seconds, settled_at, caller_index", "SELECT NEW.key, NULL"),
    ("waits", "INSERT", "SELECT NEW.call_key, NULL"),
    ("waits", "UPDATE OF status, answered_at, ended_at", "SELECT NEW.call_key, NULL"),
    ("cases", "INSERT", "SELECT NEW.call_key, NEW.id"),
    ("cases", "UPDATE OF record, call_key", "SELECT NEW.call_key, NEW.id"),
    ("cases", "DELETE", "SELECT OLD.call_key, NULL"),
    ("promises", "INSERT", _OF_PROMISE),
    ("promises", "UPDATE OF status, due_at, call_key", _OF_PROMISE),
    ("promises", "DELETE", _OF_PROMISE.replace("NEW", "OLD")),
    ("attempts", "INSERT", _OF_ATTEMPT),
    ("attempts", "UPDATE OF bridged_at", _OF_ATTEMPT),
    ("recordings", "INSERT", "SELECT NEW.call_key, NULL"),
    ("recordings", "UPDATE OF status", "SELECT NEW.call_key, NULL"),
)
"""Table, event, and which call and case are to be reckoned anew then."""


def upgrade() -> None:
    """Bring the tables forward, and have the database note which calls change from now on, and all there are."""
    op.create_table(
        "log_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("call_key", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_changes")),
    )
    _create_logged_calls()
    op.create_table(
        "matter_words",
        sa.Column("word_index", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("call_key", sa.Text(), nullable=True),
        sa.Column("received_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_matter_words_case_id_cases")),
        sa.PrimaryKeyConstraint("word_index", "case_id", name=op.f("pk_matter_words")),
    )
    op.create_index(op.f("ix_matter_words_case_id"), "matter_words", ["case_id"])
    _create_views()
    _watch()
    op.execute("INSERT INTO log_changes (call_key, case_id) SELECT key, NULL FROM calls ORDER BY started_at DESC")
    op.execute("INSERT INTO log_changes (call_key, case_id) SELECT NULL, id FROM cases")


def _create_logged_calls() -> None:
    op.create_table(
        "logged_calls",
        sa.Column("call_key", sa.Text(), nullable=False),
        sa.Column("network_id", sa.Text(), nullable=False),
        sa.Column("started_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("hotline", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("caller_index", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("hung_up", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("promise", sa.Text(), nullable=True),
        sa.Column("promise_due_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("promise_cause", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("is_recorded", sa.Boolean(), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=True),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call_key"], ["calls.key"], name=op.f("fk_logged_calls_call_key_calls")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_logged_calls_staff_id_staff")),
        sa.PrimaryKeyConstraint("call_key", name=op.f("pk_logged_calls")),
        sa.UniqueConstraint("network_id", name=op.f("uq_logged_calls_network_id")),
    )
    for name, columns in (
        ("agent", ["staff_id", "started_at"]),
        ("caller", ["caller_index", "started_at"]),
        ("node", ["node", "started_at"]),
        ("order", ["started_at", "network_id"]),
        ("outcome", ["outcome", "started_at"]),
        ("promise", ["promise", "promise_due_at"]),
    ):
        op.create_index(f"ix_logged_calls_{name}", "logged_calls", columns)


def _create_views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_saved_views_owner_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_views_owner_id_name")),
    )
    op.create_index(op.f("ix_saved_views_owner_id"), "saved_views", ["owner_id"])
    op.create_table(
        "default_views",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_default_views_staff_id_staff")),
        sa.ForeignKeyConstraint(["view_id"], ["saved_views.id"], name=op.f("fk_default_views_view_id_saved_views")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_default_views")),
    )
    op.create_index(op.f("ix_default_views_view_id"), "default_views", ["view_id"])


def _watch() -> None:
    """Each change adds a row, and two changes of one call add two: nobody waits for anybody else's transaction."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for table, event, changed in WATCHED:
        name = trigger_name(table, event)
        note = f"INSERT INTO log_changes (call_key, case_id) {changed}"
        if is_postgres:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NULL; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        else:
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {note}; END")


def trigger_name(table: str, event: str) -> str:
    """What the trigger for an event is called."""
    return f"{table}_change_log_{event.split()[0].lower()}"


def downgrade() -> None:
    """Take it back."""
    for table, event, _ in WATCHED:
        name = trigger_name(table, event)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")
    for table in ("matter_words", "default_views", "saved_views", "logged_calls", "log_changes"):
        op.drop_table(table)
