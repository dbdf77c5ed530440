"""words by call

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index("ix_matter_words_call", "matter_words", ["word_index", "call_key"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_matter_words_call", "matter_words")
