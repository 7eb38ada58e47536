"""Rooms of the demonstration: what the office found, what is being put right, what a firm reports.

All addresses, causes and people are made up.
"""

from datetime import date, time, timedelta
from io import BytesIO

from sqlalchemy import select

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.tenancy import as_firm, as_office
from counselhub.demo.cast import NANWAN
from counselhub.places.models import Community
from counselhub.places.queries import served
from counselhub.premises import files, issue_actions, report_actions, room_actions
from counselhub.premises.issue_actions import Plan
from counselhub.premises.kinds import IssueKind
from counselhub.premises.report_actions import Plea
from counselhub.premises.room_actions import RoomEntry

FULL = ["desk", "sign", "network", "cabinet"]


def furnish_rooms(office: Member, firm: Member, today: date) -> None:
    """Write rooms and two issues for the office, and a report of the firm that nobody answered."""
    here = select(Community.code).where(Community.street_code == NANWAN)
    with as_office(NANWAN):
        first, second, third, fourth = db.session.scalars(here.order_by(Community.code).limit(4))
    looked = today - timedelta(days=20)
    with as_office(NANWAN), clock.frozen(clock.instant(looked, time(15))):
        for code, entry in (
            (first, _room("党群服务中心一楼法律顾问室", 18, "own", FULL, looked)),
            (second, _room("居委会二楼会议室（共用）", 30, "shared", ["desk", "sign"], looked)),
            (third, _nothing(looked)),
            (fourth, _room("老年活动中心旁", 8, "shared", ["desk"], looked, has_board=False)),
        ):
            room_actions.keep(code, entry, by=office)
        no_room = issue_actions.report(
            third, IssueKind.NO_ROOM, "居委会办公楼在拆建，律师在走廊接待。", by=office
        )
        issue_actions.report(fourth, IssueKind.NO_BOARD, "门口没有公示栏。", by=office)
        plan = Plan("办公楼拆建", "某某股份公司", "孙某（化名）", today + timedelta(days=5), looked)
        issue_actions.plan(no_room, plan, by=office)
    with as_office(NANWAN), clock.frozen(clock.instant(looked + timedelta(days=3), time(10))):
        issue_actions.explain(no_room, files.read(_letter()), by=office)
        issue_actions.note(no_room, "已商定借用隔壁小区会所一楼，正在接网络。", by=office)
    with as_firm(firm.firm_id):
        plea = Plea(IssueKind.STALE_BOARD, "公示栏上还是去年的律师和电话。")
        mine = select(Community.code).where(served()).order_by(Community.code.desc())
        code = db.session.scalars(mine.limit(1)).one()
        report_actions.send(code, plea, by=firm)


def _room(
    address: str,
    area_m2: int,
    kind: str,
    conditions: list[str],
    looked: date,
    *,
    has_board: bool = True,
) -> RoomEntry:
    current = looked - timedelta(days=15) if has_board else None
    hours = "工作日 9:00–17:00"
    return RoomEntry(
        True, address, area_m2, kind, hours, conditions, has_board, current, looked, None
    )


def _nothing(looked: date) -> RoomEntry:
    return RoomEntry(
        False, None, None, None, None, [], True, looked - timedelta(days=200), looked, "临时在走廊"
    )


def _letter() -> bytes:
    """Return a picture that stands for the stamped letter: a blank page."""
    from PIL import Image  # a tenth of a second that only pictures need

    file = BytesIO()
    Image.new("RGB", (620, 877), "white").save(file, "JPEG")
    return file.getvalue()
