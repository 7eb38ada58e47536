"""The main navigation: which page each role finds where; the first one is its home."""

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from counselhub.core import htmx
from counselhub.core.access import is_open_to_visits, permissions, signed_in
from counselhub.core.i18n import page_text, pick_locale
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.menu import SECTIONS, Place
from counselhub.people.kinds import ROLE_WORDS


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a reader finds it. badge: how many alarms wait, None for none."""

    label: str
    href: str
    icon: str
    phone: bool
    active: bool
    badge: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """Entries that belong together, below their name; the first part has none."""

    name: str
    entries: tuple[Entry, ...]
    is_open: bool

    @property
    def badge(self) -> int | None:
        """What its entries count, None for nothing."""
        return sum(entry.badge or 0 for entry in self.entries) or None


@dataclass(frozen=True, slots=True, eq=False)
class Menu:
    """The parts of a reader's menu who is on one page of it; equal only to itself."""

    parts: tuple[Part, ...]

    @property
    def entries(self) -> list[Entry]:
        """All entries in their order."""
        return [entry for part in self.parts for entry in part.entries]


AT_A_GLANCE = 16
"""A menu of so many entries is shown open; of a longer one the part with the open page."""


def menu() -> Menu:
    """Return the entries of the present member; the open one, or the one above it, is marked."""
    member: Member = g.member
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy's
    root = request.root_path
    reader = app, permissions(member), root, member.visit is not None
    path = f"{request.path}/"
    above = [href for href in _found(*reader) if path.startswith(f"{href}/")]
    here = max(above, key=len, default="")
    return _menu(*reader, locale=pick_locale(), here=here, alarms=member.alarms)


@lru_cache(maxsize=64)
def _found(
    app: Flask, held: frozenset[Permission], root: str, is_visit: bool
) -> dict[str, tuple[str, Place]]:
    """Return the places that `held` opens, with the name of their part, by address."""
    return {
        _address(place.endpoint, root): (name, place)
        for name, places in SECTIONS
        for place in places
        if place.permission in held and place.endpoint in app.view_functions
        if not is_visit or is_open_to_visits(place.endpoint)
    }


@lru_cache(maxsize=512)
def _menu(
    app: Flask,
    held: frozenset[Permission],
    root: str,
    is_visit: bool,
    *,
    locale: str,
    here: str,
    alarms: int,
) -> Menu:
    """Return the menu in `locale`, the reader's: made once, for every page shows it."""
    found = _found(app, held, root, is_visit)
    by_part: dict[str, list[Entry]] = {}
    for href, (name, place) in found.items():
        entry = Entry(
            label=place.label,
            href=href,
            icon=place.icon,
            phone=place.phone,
            active=href == here,
            badge=alarms or None if place.is_alarmed else None,
        )
        by_part.setdefault(name, []).append(entry)
    is_short = len(found) <= AT_A_GLANCE
    return Menu(
        tuple(
            Part(page_text(name), tuple(some), is_short or any(one.active for one in some))
            for name, some in by_part.items()
        )
    )


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
    is_visit = member is not None and member.visit is not None
    shared: dict[str, object] = {"links": _links(is_visit), "lang": pick_locale().replace("_", "-")}
    if member is None:
        return shared | {"menu": None, "memberships": []}
    return shared | {
        "menu": menu(),
        "member": member,
        "person": member.name,
        "person_key": str(member.actor_id),
        "memberships": [
            {
                "id": other.membership_id,
                "label": f"{other.title} · {_(ROLE_WORDS[other.role])}",
                "current": other.membership_id == member.membership_id,
            }
            for other in ([member] if member.visit else current_user.memberships)
        ],
    }


LINKS = {
    "home": "home",
    "account": "account.account",
    "sign_out": "people.sign_out",
    "switch": "people.switch",
    "language": "people.language",
    "factors": "factors.factors",
    "notices": "notices.notices",
    "notice_choices": "notices.choices",
}


def _links(is_visit: bool) -> dict[str, str]:
    """Return the addresses that every page has; in a visit only those that are open to it."""
    shown = {
        name: endpoint
        for name, endpoint in LINKS.items()
        if not is_visit or is_open_to_visits(endpoint)
    }
    return {name: _address(endpoint, request.root_path) for name, endpoint in shown.items()}


@lru_cache(maxsize=256)
def _address(endpoint: str, _root: str) -> str:
    """Return the address of a page without arguments below `_root`: every page asks for twenty."""
    return url_for(endpoint)
