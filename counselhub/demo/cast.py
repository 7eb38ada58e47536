"""Who plays in the demonstration: firms, lawyers, offices. All of them are plainly made up."""

from dataclasses import dataclass

from counselhub.core.permissions import Duty, Role
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind

NANWAN = "440307012"
YUEXIU = "440104"
PASSWORD = "Nanwan-2026"  # noqa: S105  # of made-up people, printed at the start
SURNAMES = "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄江吕何罗高潘"
GIVEN = "一二三四五六七八九十"
STEMS = "甲乙丙丁戊己庚辛"


@dataclass(frozen=True)
class Lawyer:
    """A made-up lawyer."""

    name: str
    licence: str
    phone: str


@dataclass(frozen=True)
class House:
    """A made-up firm: which communities it serves (by position), and how its month goes.

    share: the firm's place among `of` firms that share the street or district.
    """

    code: str
    name: str
    place: str
    share: int
    of: int
    lawyers: tuple[Lawyer, ...]

    @property
    def manager(self) -> str:
        """The name of its manager: 乙所主任."""
        return f"{self.name[3]}所主任"

    @property
    def is_light(self) -> bool:
        """Whether it is there for scale: many communities, fewer records each."""
        return len(self.place) == len(YUEXIU)


@dataclass(frozen=True)
class Account:
    """Somebody to sign in as. firm: its code; adviser: which lawyer of it, from 0."""

    email: str
    name: str
    role: Role
    scope: Scope | None
    firm: str = ""
    adviser: int | None = None


def _lawyers(house: int, stem: str, number: int) -> tuple[Lawyer, ...]:
    return tuple(
        Lawyer(
            f"{SURNAMES[(house * 7 + place) % len(SURNAMES)]}{stem}{GIVEN[place % len(GIVEN)]}",
            f"144030000{house:03d}{place:05d}",
            f"1990000{house:02d}{place:02d}",
        )
        for place in range(number)
    )


NANWAN_HOUSES = tuple(
    House(
        f"nanwan-{'abcdefgh'[place]}",
        f"广东某{stem}律师事务所",
        NANWAN,
        place,
        len(STEMS),
        _lawyers(place + 1, stem, 3),
    )
    for place, stem in enumerate(STEMS)
)
YUEXIU_HOUSES = tuple(
    House(
        f"yuexiu-{'abc'[place]}",
        f"广州某{stem}律师事务所",
        YUEXIU,
        place,
        3,
        _lawyers(place + 51, stem, 16),
    )
    for place, stem in enumerate("子丑寅")
)
HOUSES = NANWAN_HOUSES + YUEXIU_HOUSES


def _office(street: str) -> Scope:
    return Scope(ScopeKind.OFFICE, street)


LONGGANG = Scope(ScopeKind.BUREAU, NANWAN[:6])
DUTIES = {
    "clerk@nanwan-a.example": Duty.SECURITY,
    "lawyer1@nanwan-a.example": Duty.AUDIT,
}
"""Who was named an administrator; everywhere else the head holds the accounts."""

ACCOUNTS = (
    Account("manager@nanwan-a.example", "甲所主任", Role.MANAGER, None, "nanwan-a"),
    Account("clerk@nanwan-a.example", "甲所内勤", Role.CLERK, None, "nanwan-a"),
    Account("lawyer1@nanwan-a.example", "", Role.ADVISER, None, "nanwan-a", 0),
    Account("lawyer2@nanwan-a.example", "", Role.ADVISER, None, "nanwan-a", 1),
    *(
        Account(
            f"manager@{house.code}.example",
            house.manager,
            Role.MANAGER,
            None,
            house.code,
        )
        for house in HOUSES[1:]
    ),
    Account("checker@nanwan.example", "黄经办", Role.CHECKER, _office(NANWAN)),
    Account("approver@nanwan.example", "张所长", Role.APPROVER, _office(NANWAN)),
    Account("checker@yuexiu.example", "李经办", Role.CHECKER, _office("440104001")),
    Account("checker@yuexiu.example", "李经办", Role.CHECKER, _office("440104003")),
    Account("drafter@longgang.example", "周科员", Role.ASSESSOR, LONGGANG),
    Account("chief@longgang.example", "吴科长", Role.ASSESSOR, LONGGANG),
    Account("operator@counselhub.example", "平台运维", Role.OPERATOR, PLATFORM),
)
