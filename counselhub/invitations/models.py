"""Who is invited where, by whom, and how it ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core import clock
from counselhub.core.columns import Revised, one_of
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.invitations.states import InvitationStatus


class Invitation(Revised, Base):
    """One person is to join one place in one role; kind and key are those of the place's scope.

    by_kind, by_key: the inviter's scope, whose record tells of it. digest: of the token that opens
    it, blank until there is one. adviser_id: who it is on the firm's roll.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        one_of("status", InvitationStatus),
        CheckConstraint("kind IN ('firm', 'office', 'bureau')", name="kind"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("kind <> 'firm' OR (by_kind, by_key) = (kind, key)", name="own_firm"),
        CheckConstraint("status <> 'refused' OR reason <> ''", name="reason"),
        Index("ix_invitation_by", "by_kind", "by_key", "made_at"),
        Index("ix_invitation_place", "kind", "key", "email"),
    )
    data_class = DataClass.PLATFORM
    is_office_only = True
    """Its acts join the record of its inviter: it is no firm's row."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    key: Mapped[str]
    place_name: Mapped[str]
    role: Mapped[str]
    name: Mapped[str]
    email: Mapped[str]
    adviser_id: Mapped[UUID | None]
    by_kind: Mapped[str]
    by_key: Mapped[str]
    by_name: Mapped[str]
    by_title: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    status: Mapped[str]
    digest: Mapped[str | None] = mapped_column(unique=True)
    reason: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who accepted it."""

    @property
    def scope(self) -> Scope:
        """The place that it invites to."""
        return Scope(ScopeKind(self.kind), self.key)

    @property
    def recorded_in(self) -> Scope:
        """Whose record its acts join."""
        return Scope(ScopeKind(self.by_kind), self.by_key)

    @property
    def is_expired(self) -> bool:
        """Whether it could be accepted no more, though it is open."""
        return self.status == InvitationStatus.OPEN and self.expires_at <= clock.now()

    @property
    def status_word(self) -> InvitationStatus:
        """The status with its label."""
        return InvitationStatus(self.status)
