"""reminders and forewarnings

Revision ID: 0003
Revises: 0002
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SPENT = {"owner": 0.5, "supervisor": 0.75}


def upgrade() -> None:
    """Bring the tables forward, and plan the reminders of promises that are open already."""
    op.create_table(
        "forewarnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("phone_index", sa.Text(), nullable=False),
        sa.Column("foreseen_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("offered_due_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["promise_id"], ["promises.id"], name=op.f("fk_forewarnings_promise_id_promises")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forewarnings")),
        sa.UniqueConstraint("promise_id", name=op.f("uq_forewarnings_promise_id")),
    )
    op.create_index(op.f("ix_forewarnings_phone_index"), "forewarnings", ["phone_index"], unique=False)
    reminders = op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("due_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("said_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("seen_at", app.models.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["promise_id"], ["promises.id"], name=op.f("fk_reminders_promise_id_promises")),
        sa.ForeignKeyConstraint(["seen_by"], ["staff.id"], name=op.f("fk_reminders_seen_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("promise_id", "level", name=op.f("uq_reminders_promise_id_level")),
    )
    op.create_index(op.f("ix_reminders_due_at"), "reminders", ["due_at"], unique=False)
    op.create_index(op.f("ix_reminders_said_at"), "reminders", ["said_at"], unique=False)
    _plan_for_open_promises(reminders)


def _plan_for_open_promises(reminders: sa.Table) -> None:
    instant = app.models.base.UtcDateTime(timezone=True)
    promises = sa.table(
        "promises",
        sa.column("id", sa.Integer),
        sa.column("status", sa.Text),
        sa.column("made_at", instant),
        sa.column("latest_start_at", instant),
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(promises.c.id, promises.c.made_at, promises.c.latest_start_at).where(promises.c.status == "open")
    ).all()
    planned = [
        {
            "promise_id": promise_id,
            "level": level,
            "due_at": made_at + max(latest_start_at - made_at, timedelta(0)) * share,
            "told": [],
        }
        for promise_id, made_at, latest_start_at in rows
        for level, share in _SPENT.items()
    ]
    if planned:
        connection.execute(sa.insert(reminders), planned)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("reminders")
    op.drop_table("forewarnings")
