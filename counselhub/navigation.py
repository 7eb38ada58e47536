"""The main navigation: which page each role finds where; the first one is its home."""

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from counselhub.core import htmx
from counselhub.core.access import Member, Permission, permissions, signed_in
from counselhub.core.i18n import page_text, page_text_in, pick_locale
from counselhub.core.labels import N_
from counselhub.people.kinds import ROLE_WORDS

P = Permission


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: shown to members with `permission`, on the phone's tab bar when `phone`.

    several: a list of what the word names; English has another word for it.
    """

    word: str
    endpoint: str
    icon: str
    permission: Permission
    phone: bool = False
    several: bool = False
    is_alarmed: bool = False
    """Whether it counts the alarms that nobody has answered for."""

    @property
    def label(self) -> str:
        """The word in the reader's language."""
        return page_text_in("several", self.word) if self.several else page_text(self.word)


SECTIONS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place(N_("本月"), "statements.month", "calendar-stats", P.STATEMENT_READ, phone=True),
            Place(N_("值班"), "duty.today", "map-pin-check", P.DUTY_LOG, phone=True),
            Place(N_("服务"), "services.today", "notes", P.SERVICE_LOG, phone=True),
            Place(N_("待审"), "review.inbox", "inbox", P.REVIEW_READ, phone=True),
            Place(N_("案件审阅"), "readings.readings", "gavel", P.REVIEW_READ),
            Place(N_("抽查"), "spotchecks.checks", "clipboard-check", P.SPOT_READ, phone=True),
            Place(N_("约谈"), "interviews.interviews", "message", P.SPOT_READ),
            Place(N_("值班场所"), "premises.rooms", "building-community", P.PREMISES_READ),
            Place(N_("场所整改"), "premises.issues", "building-community", P.BUREAU_READ),
            Place(N_("覆盖"), "assignments.coverage", "grid-dots", P.FIRM_READ, phone=True),
            Place(N_("值班月报"), "reports.picture", "report-money", P.FIRM_READ),
            Place(N_("值班月报"), "reports.picture", "report-money", P.REVIEW_READ, phone=True),
        ),
    ),
    (
        N_("值班安排"),
        (
            Place(N_("排班"), "roster.month", "calendar-time", P.FIRM_READ),
            Place(N_("替班与缺勤"), "cover.requests", "arrows-exchange", P.DUTY_MANAGE),
            Place(N_("请假"), "leave.own", "calendar-stats", P.FIRM_READ),
            Place(N_("工作交接"), "handovers.packs", "switch-horizontal", P.FIRM_READ),
            Place(N_("现在谁值班"), "rota.now", "phone", P.FIRM_READ),
            Place(N_("线上值班"), "duty.shifts", "clock", P.DUTY_MANAGE),
            Place(N_("值班公示"), "reports.planned", "map-pin", P.FIRM_READ),
            Place(N_("值班公示"), "reports.planned", "map-pin", P.REVIEW_READ, phone=True),
            Place(N_("值班点位"), "points.points", "map-pin", P.DUTY_MANAGE),
            Place(N_("值班场所"), "premises.served_rooms", "building-community", P.FIRM_READ),
        ),
    ),
    (
        N_("值班证据"),
        (
            Place(N_("值班记录"), "duty.sessions", "clipboard-list", P.DUTY_MANAGE),
            Place(N_("补正申请"), "corrections.corrections", "edit", P.FIRM_READ),
            Place(N_("社区确认"), "confirmations.confirmations", "clipboard-check", P.DUTY_MANAGE),
            Place(N_("打卡核对"), "attendance.checks", "clipboard-check", P.DUTY_MANAGE),
            Place(N_("抽查结果"), "spotchecks.results", "clipboard-check", P.FIRM_READ),
            Place(N_("约谈记录"), "interviews.received", "message", P.DUTY_MANAGE),
        ),
    ),
    (
        N_("服务与结算"),
        (
            Place(N_("服务记录"), "services.records", "list-details", P.SERVICE_MANAGE),
            Place(N_("服务成果"), "products.texts", "writing", P.SERVICE_LOG),
            Place(N_("服务报表"), "programme.report", "sum", P.FIRM_READ),
            Place(N_("服务报表"), "programme.report", "sum", P.REVIEW_READ),
            Place(
                N_("服务对象"), "clients.clients", "heart-handshake", P.CLIENT_READ, several=True
            ),
            Place(N_("事项与冲突"), "matters.matters", "scale", P.MATTER_WORK),
            Place(N_("转介"), "referrals.board", "arrows-exchange", P.REFERRAL_USE, phone=True),
            Place(N_("会商"), "conferences.conferences", "message", P.REFERRAL_USE),
            Place(N_("转外所"), "packets.packets", "send", P.REFERRAL_MANAGE),
            Place(N_("转外所"), "packets.known", "send", P.REVIEW_READ),
            Place(N_("团队"), "referrals.teams", "users", P.REFERRAL_USE),
            Place(N_("以案定补"), "claims.claims", "gavel", P.SERVICE_MANAGE),
            Place(
                N_("结算单"), "statements.statements", "receipt-yuan", P.STATEMENT_READ, phone=True
            ),
        ),
    ),
    (
        N_("档案"),
        (
            Place(N_("合同"), "contracts.contracts", "file-text", P.CONTRACT_MANAGE),
            Place(N_("补贴方案"), "schemes.schemes", "scale", P.SCHEME_MANAGE),
            Place(N_("律师"), "advisers.advisers", "users", P.FIRM_READ, several=True),
            Place(
                N_("社区"), "places.communities", "building-community", P.FIRM_READ, several=True
            ),
            Place(N_("联络员"), "liaisons.liaisons", "phone", P.FIRM_READ),
            Place(N_("联络员"), "liaisons.shared", "phone", P.REVIEW_READ),
            Place(N_("双向选择"), "choosing.choices", "heart-handshake", P.CHOICE_WISH),
            Place(N_("结对共建"), "pairings.pairings", "arrows-exchange", P.FIRM_READ),
            Place(
                N_("结对共建"), "pairings.pairings", "arrows-exchange", P.PAIRING_MANAGE, phone=True
            ),
            Place(N_("结对共建"), "pairings.shared", "arrows-exchange", P.REVIEW_READ),
            Place(N_("结对共建"), "pairings.shared", "arrows-exchange", P.BUREAU_READ, phone=True),
            Place(N_("公示卡"), "cards.cards", "qrcode", P.FIRM_READ),
            Place(N_("导入导出"), "workbook.workbook", "file-spreadsheet", P.WORKBOOK),
        ),
    ),
    (
        N_("账号与安全"),
        (
            Place(N_("账号"), "people.people", "user-cog", P.PEOPLE_MANAGE, several=True),
            Place(N_("账号"), "people.people", "user-cog", P.SECURITY_MANAGE, several=True),
            Place(N_("两步验证"), "factor_care.colleagues", "lock", P.SECURITY_MANAGE),
            Place(N_("管理员分工"), "admins.admins", "settings", P.ADMIN_NAME),
            Place(N_("操作记录"), "audit.acts", "history", P.AUDIT_READ),
            Place(N_("隔离警报"), "alarms.alarms", "bell", P.AUDIT_READ, is_alarmed=True),
            Place(N_("留痕核对"), "audit.heads", "shield-check", P.AUDIT_READ),
            Place(N_("留痕核对"), "audit.heads", "shield-check", P.REVIEW_READ),
        ),
    ),
)
"""What each part of the menu is called, and its places; the first part needs no name."""
PLACES = tuple(place for _name, places in SECTIONS for place in places)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a reader finds it; the first of each part of the menu carries the part's name.

    badge: how many alarms wait, None for none.
    """

    label: str
    href: str
    icon: str
    phone: bool
    section: str
    active: bool
    badge: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Menu:
    """The entries of a reader who is on one page of them; equal only to itself."""

    entries: tuple[Entry, ...]


def menu() -> Menu:
    """Return the entries of the present member; the open one, or the one above it, is marked."""
    member: Member = g.member
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy's
    root = request.root_path
    reader = app, permissions(member), root
    above = [href for href in _found(*reader) if f"{request.path}/".startswith(f"{href}/")]
    here = max(above, key=len, default="")
    return _menu(*reader, locale=pick_locale(), here=here, alarms=member.alarms)


@lru_cache(maxsize=64)
def _found(app: Flask, held: frozenset[Permission], root: str) -> dict[str, tuple[str, Place]]:
    """Return the places that `held` opens, with the name of their part, by address."""
    return {
        _address(place.endpoint, root): (name, place)
        for name, places in SECTIONS
        for place in places
        if place.permission in held and place.endpoint in app.view_functions
    }


@lru_cache(maxsize=512)
def _menu(
    app: Flask, held: frozenset[Permission], root: str, *, locale: str, here: str, alarms: int
) -> Menu:
    """Return the menu in `locale`, the reader's: made once, for every page shows it."""
    entries: list[Entry] = []
    last = ""
    for href, (name, place) in _found(app, held, root).items():
        entries.append(
            Entry(
                label=place.label,
                href=href,
                icon=place.icon,
                phone=place.phone,
                section=page_text(name) if name != last else "",
                active=href == here,
                badge=alarms or None if place.is_alarmed else None,
            )
        )
        last = name
    return Menu(tuple(entries))


@signed_in
def home() -> ResponseReturnValue:
    """Send everybody to the first page of their own."""
    own = menu().entries
    return redirect(own[0].href, 303) if own else render_template("core/nothing.html")


def context() -> dict[str, object]:
    """Give every page its navigation, the reader's memberships and language."""
    member = g.get("member")
    if member is not None and htmx.is_part():
        return {"member": member}
    shared: dict[str, object] = {"links": _links(), "lang": pick_locale().replace("_", "-")}
    if member is None:
        return shared | {"menu": None, "memberships": []}
    return shared | {
        "menu": menu(),
        "member": member,
        "person": member.name,
        "person_key": str(member.person_id),
        "memberships": [
            {
                "id": other.membership_id,
                "label": f"{other.title} · {_(ROLE_WORDS[other.role])}",
                "current": other.membership_id == member.membership_id,
            }
            for other in current_user.memberships
        ],
    }


def _links() -> dict[str, str]:
    root = request.root_path
    return {
        "home": _address("home", root),
        "account": _address("account.account", root),
        "sign_out": _address("people.sign_out", root),
        "switch": _address("people.switch", root),
        "language": _address("people.language", root),
        "factors": _address("factors.factors", root),
    }


@lru_cache(maxsize=256)
def _address(endpoint: str, _root: str) -> str:
    """Return the address of a page without arguments below `_root`: every page asks for twenty."""
    return url_for(endpoint)
