"""lateness in the call log

Revision ID: 0041
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward, and have calls with a promise reckoned anew."""
    op.add_column("logged_calls", sa.Column("promise_minutes", sa.Integer(), nullable=True))
    op.add_column("logged_calls", sa.Column("promise_rings", sa.Text(), nullable=True))
    op.execute("INSERT INTO log_changes (call_key) SELECT call_key FROM logged_calls WHERE promise IS NOT NULL")


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("logged_calls", "promise_rings")
    op.drop_column("logged_calls", "promise_minutes")
