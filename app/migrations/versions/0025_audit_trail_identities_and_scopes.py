"""audit trail, identities and scopes

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

import app.models.base

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_REFUSE = (
    "CREATE TRIGGER audit_entries_append_only_{verb} BEFORE {before} ON audit_entries "
    "WHEN NOT EXISTS (SELECT 1 FROM removal_permits) "
    "BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END"
)
_EVERY = '["cases", "calls", "promises"]'  # what tokens opened before


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("view", sa.Text(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_entries_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_audit_entries_key")),
    )
    with op.batch_alter_table("audit_entries") as batch_op:
        batch_op.create_index("ix_audit_entries_action_id", ["action", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_staff_id_view", ["staff_id", "view"], unique=False)

    op.create_table(
        "identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("bound_at", app.models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_identities_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "staff_id", name=op.f("uq_identities_issuer_staff_id")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_index(op.f("ix_identities_staff_id"), "identities", ["staff_id"])
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.add_column(sa.Column("scopes", sa.JSON(), nullable=False, server_default=_EVERY))
        batch_op.add_column(sa.Column("expires_at", app.models.base.UtcDateTime(timezone=True), nullable=True))
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.alter_column("scopes", server_default=None)
    _guard()


def _guard() -> None:
    """Have the database itself refuse changes, as it does for histories (0005)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries "
            "FOR EACH ROW EXECUTE FUNCTION refuse_without_permit()"
        )
        return
    for verb in ("update", "delete"):
        op.execute(_REFUSE.format(verb=verb, before=verb.upper()))


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("api_tokens") as batch_op:
        batch_op.drop_column("expires_at")
        batch_op.drop_column("scopes")

    op.drop_index(op.f("ix_identities_staff_id"), "identities")
    op.drop_table("identities")
    with op.batch_alter_table("audit_entries") as batch_op:
        batch_op.drop_index("ix_audit_entries_staff_id_view")
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))
        batch_op.drop_index("ix_audit_entries_action_id")

    op.drop_table("audit_entries")
