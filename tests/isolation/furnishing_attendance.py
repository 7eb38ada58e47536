"""A firm's rows of what other systems recorded, each marked with the firm's token."""

from datetime import date, datetime, time
from uuid import UUID

from counselhub.attendance import importing, linking, trials
from counselhub.attendance.models import (
    AttendanceAccount,
    AttendanceCheck,
    AttendanceDay,
    AttendanceFile,
    AttendanceLink,
    AttendancePlace,
    AttendancePunch,
)
from counselhub.core import clock, data_keys
from counselhub.core.db import db
from tests.attendance import exports
from tests.attendance.exports import One
from tests.factories import Tenant


def furnish(tenant: Tenant, token: str, day: date, session_id: UUID) -> dict[str, object]:
    """Add a file, an account, a place, a punch, a day, a check, a link; return their ids."""
    begin, end = clock.instant(day, time(9)), clock.instant(day, time(11))
    file = AttendanceFile(
        digest=token,
        name=f"{token}.xlsx",
        layout="records",
        imported_at=clock.now(),
        imported_by=f"导入{token}",
        rows=1,
        new=1,
        faults=[{"cell": "原始记录!I5", "message": f"错误{token}"}],
        fault_count=1,
    )
    account = AttendanceAccount(
        vendor="dingtalk",
        known_as=f"id:{token}",
        userid=token,
        name=f"打卡{token}",
        adviser_id=tenant.adviser_id,
    )
    place = AttendancePlace(words=f"地点{token}", community_code=tenant.town.communities[0])
    db.session.add_all([file, account, place])
    link = AttendanceLink(app_key=f"ding{token}", sealed_secret="", since=day)
    db.session.add(link)
    db.session.flush()
    link.sealed_secret = data_keys.writing_ring().seal(f"钥匙{token}", linking.sealed_at(link))
    check = AttendanceCheck(
        adviser_id=tenant.adviser_id,
        day=day,
        community_code=tenant.town.communities[0],
        first_at=begin,
        last_at=end,
        punches=2,
        mark="plain",
        session_id=session_id,
        finding="times",
        reason=f"理由{token}",
    )
    punch = AttendancePunch(
        account_id=account.id,
        minute=begin,
        day=day,
        result=f"结果{token}",
        place_id=place.id,
        device="",
        remark="",
        mark="plain",
        file_id=file.id,
        cell="",
    )
    db.session.add_all(
        [check, punch, AttendanceDay(account_id=account.id, day=day, words=f"当日{token}")]
    )
    db.session.flush()
    return {
        "file_id": file.id,
        "account_id": account.id,
        "place_id": place.id,
        "check_id": check.id,
        "file_digest": _tried(tenant, token, day),
    }


def _tried(tenant: Tenant, token: str, day: date) -> str:
    """Keep an export that was tried, as the page does."""
    taps = [(One(token, f"某{token}"), datetime.combine(day, time(9)), {})]
    data = exports.as_xlsx(exports.records(taps, day, day))
    return trials.keep(tenant.firm_id, f"{token}.xlsx", data, importing.try_file(data)).digest
