"""Colleagues are invited by e-mail: a purpose of links that the operator never sees."""

from alembic import op

revision = "0280_colleagues_by_mail"
down_revision = "0270_archives_as_work"

NAME = "ck_waiting_link_purpose"


def upgrade() -> None:
    """Allow it."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow("'sign_up', 'invitation', 'colleague'")


def downgrade() -> None:
    """Undo it; a link that was on its way goes, its inviter makes a new one."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM waiting_link WHERE purpose = 'colleague'")
    _allow("'sign_up', 'invitation'")


def _allow(purposes: str) -> None:
    op.drop_constraint(op.f(NAME), "waiting_link")
    op.create_check_constraint(op.f(NAME), "waiting_link", f"purpose IN ({purposes})")
