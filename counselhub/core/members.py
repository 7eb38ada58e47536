"""Who acts: a person under a membership, a program in its place, the platform's own hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from counselhub.core.errors import ForbiddenError
from counselhub.core.i18n import page_text
from counselhub.core.labels import N_
from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import Scope, ScopeKind
from counselhub.core.visiting import Visit


@dataclass(frozen=True, slots=True)
class Member:
    """A person under one membership: the actor of every act."""

    person_id: UUID | None
    name: str
    role: Role
    scope: Scope
    title: str
    """The firm's, the street's or the district's name."""
    membership_id: UUID | None = None
    adviser_id: UUID | None = None
    duties: frozenset[Duty] = frozenset()
    factor_due: datetime | None = None
    """Since when, or from when, this place lets nobody of this role on without a second factor."""
    alarms: int = 0
    """How many isolation alarms of this place nobody has answered for."""
    unread: int = 0
    """How many notices the member has not read, of a hundred at most."""
    read_only_on: date | None = None
    """From which day on the place may only read, for it has not paid; None for never."""
    leaves_on: date | None = None
    """From which day on the firm's data may be deleted, for it leaves; None when it stays."""
    is_of_another: bool = False
    """Whether another tenant acts: the record tells its name, but not where it sits."""
    token_name: str = ""
    """By which token a program acts in the member's place, '' when the person does."""
    visit: Visit | None = None
    """Set when the platform's operator acts in the member's place, as the place allowed."""

    @property
    def actor_id(self) -> UUID | None:
        """The person who really acts."""
        return self.visit.operator_id if self.visit else self.person_id

    @property
    def actor_membership_id(self) -> UUID | None:
        """The membership of whoever really acts."""
        return self.visit.operator_membership_id if self.visit else self.membership_id

    @property
    def in_place_of(self) -> dict[str, str]:
        """What the record's detail tells of an act in a visit: whose place it was done in."""
        if self.visit is None:
            return {}
        return {
            "visit": str(self.visit.id),
            "in_place_of": self.name,
            "in_place_of_id": str(self.person_id),
        }

    @property
    def signature(self) -> str:
        """Who acts, as the record tells it: a program with its token, a visitor with his host."""
        if self.visit:
            return f"{self.visit.operator_name}（平台支持，代{self.name}）"
        return f"{self.name}（令牌：{self.token_name}）" if self.token_name else self.name

    @property
    def firm_id(self) -> UUID:
        """The member's firm. Raises ForbiddenError for one who belongs to none."""
        if self.scope.kind is not ScopeKind.FIRM:
            raise ForbiddenError()
        return UUID(self.scope.key)

    @property
    def street_code(self) -> str:
        """The street of an office's member. Raises ForbiddenError for anybody else."""
        if self.scope.kind is not ScopeKind.OFFICE:
            raise ForbiddenError()
        return self.scope.key


COMMAND_LINE, ITSELF, WHEN_DUE = N_("命令行"), N_("系统"), N_("到期自动处理")
HANDS = frozenset((COMMAND_LINE, ITSELF, WHEN_DUE))
"""Who acts where nobody does; written down as it stands here."""
_hand = ContextVar("hand", default=COMMAND_LINE)


def hand_word(name: str) -> str:
    """Return who acted as a reader knows it: a person by name, else what acted by itself."""
    return page_text(name) if name in HANDS else name


@contextmanager
def by_itself() -> Iterator[None]:
    """Let the histories tell what is done inside as the service's own work."""
    token = _hand.set(ITSELF)
    try:
        yield
    finally:
        _hand.reset(token)


def command_member(scope: Scope) -> Member:
    """Return the platform's own hand inside one scope: of a command line, or of the timetable."""
    return Member(None, _hand.get(), Role.OPERATOR, scope, "CounselHub")
