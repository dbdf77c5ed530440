"""messages by the network's id

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.create_index("ix_outbox_network_id", ["network_id"])


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index("ix_outbox_network_id")
