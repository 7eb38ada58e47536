"""The community's codes: a link for its screen, a sheet for its wall; both can be ended."""

import secrets as random
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.sealing import UnsealError
from counselhub.core.tenancy import as_firm, as_platform
from counselhub.people.sign_ins import digest
from counselhub.places.models import Community
from counselhub.points import code_rules, queries, secrets
from counselhub.points.code_rules import Code, Known
from counselhub.points.models import DutyCode, ScreenLink

TOKEN_BYTES = 32


def open_screen(community: Community, *, by: Member) -> str:
    """Return the token of a new link for the screen, which ends the one before."""
    row = _row(community, by)
    token = random.token_urlsafe(TOKEN_BYTES)
    with as_platform():
        _forget(row)
        db.session.add(
            ScreenLink(
                firm_id=by.firm_id,
                community_code=community.code,
                digest=digest(token),
                made_at=clock.now(),
            )
        )
        db.session.flush()
    row.screen_at = clock.now()
    db.session.flush()
    history.note("screen_made", scope=by.scope, by=by, whom=community.short_name)
    return token


def end_screen(community: Community, *, by: Member) -> None:
    """End the link: the screen shows nothing any more, and its last code counts no longer."""
    row = _row(community, by)
    with as_platform():
        _forget(row)
    row.screen_at = None
    db.session.flush()
    history.note("screen_ended", scope=by.scope, by=by, whom=community.short_name)


def _forget(row: DutyCode) -> None:
    db.session.execute(
        delete(ScreenLink).where(
            ScreenLink.firm_id == row.firm_id, ScreenLink.community_code == row.community_code
        )
    )


def renew_sheet(community: Community, *, by: Member) -> DutyCode:
    """Make a sheet for the wall, a new version; the one before ends."""
    row = _row(community, by)
    row.sheets += 1
    row.sheet, row.sheet_at = row.sheets, clock.now()
    db.session.flush()
    history.note("sheet_made", scope=by.scope, by=by, whom=community.short_name)
    return row


def end_sheet(community: Community, *, by: Member) -> None:
    """End the sheet that hangs there."""
    row = _row(community, by)
    row.sheet, row.sheet_at = 0, None
    db.session.flush()
    history.note("sheet_ended", scope=by.scope, by=by, whom=community.short_name)


def _row(community: Community, by: Member) -> DutyCode:
    """Return what is behind a community's codes, locked; made when there was nothing."""
    if found := queries.code_of(community.code, lock=True):
        return found
    fresh = DutyCode(firm_id=by.firm_id, community_code=community.code, sheet=0, sheets=0)
    secrets.seal_new(fresh)
    db.session.execute(
        insert(DutyCode)
        .values(
            firm_id=fresh.firm_id,
            id=fresh.id,
            community_code=fresh.community_code,
            sealed=fresh.sealed,
            sheet=0,
            sheets=0,
            revision=1,
        )
        .on_conflict_do_nothing(index_elements=["firm_id", "community_code"])
    )
    found = queries.code_of(community.code, lock=True)
    if found is None:
        raise ConflictError(_("请刷新后再试。"))
    return found


def sheet_code(row: DutyCode | None) -> Code:
    """Return the code on the sheet that hangs. Raises NotFoundError when none does."""
    if row is None or not row.sheet:
        raise NotFoundError(_("这个社区还没有张贴码，请先生成。"))
    known = _opened(row)
    return code_rules.sheet(row.community_code, known.secret, row.sheet)


def _opened(row: DutyCode) -> Known:
    try:
        return secrets.known(row)
    except UnsealError as error:
        raise RefusedError(_("值班码的密钥无法解密，请联系平台运维。")) from error


@dataclass(frozen=True, slots=True)
class Screen:
    """What a screen shows now; seconds_left: until the next code."""

    community: Community
    code: Code
    at: datetime
    seconds_left: int


def screen(token: str) -> Screen:
    """Return what the screen of this link shows. Raises NotFoundError for one that opens nothing.

    It reads as the firm that made the link, and nothing but the code of one community.
    """
    with as_platform():
        link = db.session.scalar(select(ScreenLink).where(ScreenLink.digest == digest(token)))
    if link is None:
        raise NotFoundError(_("这个屏幕链接已停用，请向律所要新的链接。"))
    with as_firm(link.firm_id):
        row = queries.code_of(link.community_code)
        if row is None or row.screen_at is None:
            raise NotFoundError(_("这个屏幕链接已停用，请向律所要新的链接。"))
        now = clock.now()
        code = code_rules.moving(row.community_code, _opened(row).secret, now)
        community = db.session.get_one(Community, row.community_code)
        return Screen(community, code, now, code_rules.seconds_left(now))
