"""queues of their own

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward; without copying the table, since SQLite would forget its triggers."""
    op.add_column("waits", sa.Column("own_queue", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("waits", "own_queue")
