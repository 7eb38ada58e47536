"""What lawyers of the demonstration tapped on their phones in the last days, and what proves it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from counselhub.advisers.models import Adviser
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.demo.cast import House
from counselhub.demo.places import spot_of
from counselhub.duty import punches
from counselhub.duty.actions import adviser_of
from counselhub.duty.kinds import PunchKind
from counselhub.duty.models import DutyPunch
from counselhub.duty.punch_rules import Claim
from counselhub.duty.punches import Sent
from counselhub.photos import actions as photos
from counselhub.points import choice_actions, code_rules, queries, secrets
from counselhub.points.geo import Spot
from counselhub.points.kinds import PositionVerdict
from counselhub.points.proofs import NOTHING, Brought
from counselhub.points.rules import Fix

Values = dict[str, Any]
OFFLINE_FOR = timedelta(hours=2)
PHOTOS = 2
EXIF, TAKEN, OFFSET = 0x8769, 0x9003, 0x9011


def tap_visits(house: House, visits: Sequence[Values], *, by: Member) -> None:
    """Sign in and out at each visit on its own minute, with more or less to prove it."""
    if not visits:
        return
    random = Random(f"taps {house.code}")  # noqa: S311  # the same demonstration for everybody
    lawyers = _lawyers(by)
    with clock.frozen(_begin(visits[0]) - timedelta(days=1)):
        for one in lawyers.values():
            choice_actions.agree(adviser_of(one), by=one)
    for turn, visit in enumerate(visits):
        tap = _tap(visit, lawyers, turn + house.share, random)
        if house.share == 0 and turn < PHOTOS:
            _photograph(tap, visit, by=lawyers[visit["licence"]])


def _lawyers(by: Member) -> dict[str, Member]:
    """Return the firm's lawyers as members, by licence."""
    rows = db.session.execute(select(Adviser.licence_number, Adviser.name, Adviser.id))
    return {
        licence: Member(None, name, Role.ADVISER, by.scope, by.title, adviser_id=adviser_id)
        for licence, name, adviser_id in rows
    }


def _begin(visit: Values) -> datetime:
    return clock.instant(visit["day"], visit["time_in"])


def _tap(visit: Values, lawyers: dict[str, Member], turn: int, random: Random) -> DutyPunch:
    """Sign in and out; every fifth visit had no signal and was sent later. turn: which one."""
    who, begin = lawyers[visit["licence"]], _begin(visit)
    waited = OFFLINE_FOR if turn % 5 == 4 else timedelta(seconds=2)
    stood_in = lawyers[visit["substitute"]].adviser_id if visit.get("substitute") else None
    sign_in = Sent(
        key=uuid7(),
        kind=PunchKind.IN,
        community_code=visit["community_code"],
        claim=Claim(begin, begin + waited, timedelta()),
        substitute_for_id=stood_in,
        remark=visit.get("remark", ""),
        brought=_brought(visit["community_code"], begin, turn, random),
    )
    end = clock.instant(visit["day"], visit["time_out"])
    sign_out = Sent(
        key=uuid7(),
        kind=PunchKind.OUT,
        community_code=visit["community_code"],
        claim=Claim(end, end + waited, timedelta()),
        ends=sign_in.key,
        community_confirmed=visit["community_confirmed"],
    )
    with clock.frozen(begin + waited):
        [tap] = punches.take([sign_in], by=who)
    with clock.frozen(end + waited):
        punches.take([sign_out], by=who)
    return tap


def _brought(code: str, at: datetime, turn: int, random: Random) -> Brought:
    """Return what proves the place: a position, the screen's code, both, a failure, nothing."""
    match turn % 5:
        case 0:
            return Brought(_fix(code, random), code=_shown(code, at))
        case 1:
            return Brought(_fix(code, random))
        case 2:
            return Brought(code=_shown(code, at))
        case 3:
            return Brought(failure=PositionVerdict.REFUSED)
    return NOTHING


def _fix(code: str, random: Random) -> Fix:
    """Return a position within some 40 metres of the point."""
    point = spot_of(code)
    north, east = random.uniform(-0.0003, 0.0003), random.uniform(-0.0003, 0.0003)
    return Fix(Spot(point.latitude + north, point.longitude + east), random.randint(8, 35))


def _shown(code: str, at: datetime) -> str:
    """Return what the community's screen showed at that moment."""
    row = queries.code_of(code)
    return str(code_rules.moving(code, secrets.known(row).secret, at)) if row else ""


def _photograph(tap: DutyPunch, visit: Values, *, by: Member) -> None:
    """Keep a photo of the first minutes of the visit."""
    session = punches.session_of(tap)
    if session is None:
        return
    at = _begin(visit) + timedelta(minutes=6)
    with clock.frozen(at + timedelta(minutes=1)):
        photos.add(session, picture(at), by=by)


def picture(at: datetime) -> bytes:
    """Return a small neutral picture of a desk that a camera took at `at`."""
    image = Image.new("RGB", (640, 480), "#e8ebee")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 300, 640, 480), fill="#c3b49b")
    pen.rectangle((90, 210, 250, 300), fill="#8fa3b3")
    pen.rectangle((330, 120, 560, 250), outline="#9aa4ad", width=6)
    pen.ellipse((420, 270, 470, 320), fill=(140 + at.day * 3, 120, 110))
    wall = clock.local(at)
    exif = Image.Exif()
    inside = exif.get_ifd(EXIF)
    inside[TAKEN], inside[OFFSET] = f"{wall:%Y:%m:%d %H:%M:%S}", "+08:00"
    target = BytesIO()
    image.save(target, "JPEG", quality=70, exif=exif)
    return target.getvalue()
