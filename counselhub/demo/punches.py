"""DingTalk's 原始记录 of the demonstration's first firm: all agrees but the last visit."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from counselhub.advisers.models import Adviser
from counselhub.attendance import binding, importing
from counselhub.attendance.models import AttendanceAccount, AttendancePlace
from counselhub.core import clock
from counselhub.core.db import db
from counselhub.core.i18n import WEEKDAYS
from counselhub.core.members import Member
from counselhub.demo.days import Calendar
from counselhub.duty.kinds import SessionStatus
from counselhub.duty.models import DutySession
from counselhub.places.models import Community

PERSON = ("姓名", "考勤组", "部门", "工号", "职位", "UserId")
COLUMNS = (
    *PERSON, "考勤日期", "考勤时间", "打卡时间", "打卡结果", "打卡地址", "打卡备注", "异常打卡原因",
    "打卡图片1", "打卡图片2", "打卡设备", "管理员修改备注", "管理员修改备注图片1",
    "管理员修改备注图片2", "管理员修改备注图片3",
)  # fmt: skip
LEFT_EARLY = timedelta(minutes=45)
"""What the last visit's sign-out lies before the phone's."""
Row = list[str]


def import_punches(calendar: Calendar, *, by: Member) -> None:
    """Bring the export of the last weeks in, and say who the people and where the places are."""
    sessions = _sessions(calendar)
    if not sessions:
        return
    span = f"{sessions[0].day:%Y%m%d}-{sessions[-1].day:%Y%m%d}"
    importing.import_file(export(sessions), by=by, name=f"甲所_原始记录_{span}.xlsx")
    advisers = {row.name: row.id for row in db.session.scalars(select(Adviser))}
    for account in db.session.scalars(select(AttendanceAccount)).all():
        binding.bind(account, advisers[account.name], revision=None, by=by)
    codes = {_address(row.community): row.community_code for row in sessions}
    for place in db.session.scalars(select(AttendancePlace)).all():
        binding.place(place, codes[place.words], revision=None, by=by)


def _sessions(calendar: Calendar) -> Sequence[DutySession]:
    query = (
        select(DutySession)
        .options(joinedload(DutySession.adviser), joinedload(DutySession.community))
        .where(
            DutySession.day >= calendar.months[-2],
            DutySession.signed_out_at.is_not(None),
            DutySession.status == SessionStatus.CLOSED,
        )
        .order_by(DutySession.signed_in_at, DutySession.id)
    )
    return db.session.scalars(query).all()


def export(sessions: Sequence[DutySession]) -> bytes:
    """Return DingTalk's workbook of these visits, a row for each punch."""
    target = BytesIO()
    first, last = sessions[0].day, sessions[-1].day
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet("原始记录")
        end = len(COLUMNS) - 1
        page.merge_range(0, 0, 0, end, f"原始记录 统计日期：{first} 至 {last}")
        page.merge_range(1, 0, 1, end, f"报表生成时间：{last:%Y-%m-%d} 19:40")
        for number, row in enumerate([list(COLUMNS), *_rows(sessions)], 2):
            page.write_row(number, 0, row)
    return target.getvalue()


def _rows(sessions: Sequence[DutySession]) -> Iterator[Row]:
    random = Random("钉钉")  # noqa: S311  # the same demonstration for everybody
    for session in sessions:
        came = session.signed_in_at + timedelta(minutes=random.randint(-4, 3))
        left: Any = session.signed_out_at
        left += timedelta(minutes=random.randint(-3, 5))
        if session is sessions[-1]:
            left -= LEFT_EARLY
        for at in (came, left):
            yield _row(session, clock.local(at))


def _row(session: DutySession, at: datetime) -> Row:
    who = session.adviser
    number = who.licence_number[-3:]
    person = [who.name, "驻点律师", "甲所-业务部", number, "律师", f"user{number}"]
    when = [
        f"{at:%y-%m-%d} 星期{WEEKDAYS[at.weekday()]}",
        f"{clock.local(session.signed_in_at):%Y-%m-%d} 9:00",
        f"{at:%Y-%m-%d} {at.hour}:{at:%M}",
    ]
    blanks = [""] * 4
    return [*person, *when, "正常", _address(session.community), *blanks, "手机打卡", *blanks]


def _address(community: Community) -> str:
    return f"深圳市龙岗区南湾街道{community.short_name}党群服务中心"
