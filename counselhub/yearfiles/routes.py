"""Year files: what is missing, made by one click, given up or fetched by who may."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core import clock, htmx
from counselhub.core.access import current_member, goes_on, require
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, NotFoundError
from counselhub.core.freshness import fresh
from counselhub.core.permissions import Permission
from counselhub.places.models import Community
from counselhub.work import actions as work
from counselhub.work.giving import give, sentence, withheld_from
from counselhub.work.kinds import TONES
from counselhub.yearfiles import actions, gather, queries

bp = Blueprint("yearfiles", __name__)
P = Permission
LIST, PLACE, FILES = "yearfiles/list.html", "yearfiles/place.html", "yearfiles/_files.html"
FIRST_YEAR = 2014
"""When the programme began."""


@bp.get("/year-files")
@require(P.CONTRACT_MANAGE, P.REVIEW_READ)
def year_files() -> ResponseReturnValue:
    """List the communities of a year, with what each lacks and what was made."""
    year, member = _asked_year(), current_member()
    lines = [
        (line, actions.gaps_of(line.facts, year, member.scope))
        for line in queries.lines(gather.facts_of(year), queries.newest(member, year))
    ]
    return htmx.show(
        LIST,
        "yearfiles/_list.html",
        year=year,
        years=_years(year),
        lines=lines,
        tones=TONES,
        withheld=withheld_from(member),
    )


@bp.get("/year-files/<code>/<int:year>")
@require(P.CONTRACT_MANAGE, P.REVIEW_READ)
def place(code: str, year: int) -> ResponseReturnValue:
    """Show what a community's year lacks, before anybody makes its file."""
    return htmx.show(PLACE, FILES, **_place(code, year))


@bp.post("/year-files/<code>/<int:year>")
@require(P.CONTRACT_MANAGE, P.REVIEW_READ)
@goes_on
def create_year_file(code: str, year: int) -> ResponseReturnValue:
    """Ask for the file of one community."""
    shown = _place(code, year)
    _asked(actions.ask([shown["community"].code], year, _papers(), by=current_member()))
    return htmx.gone_to(url_for(".place", code=code, year=year))


@bp.post("/year-files")
@require(P.CONTRACT_MANAGE, P.REVIEW_READ)
@goes_on
def create_year_files() -> ResponseReturnValue:
    """Ask for the files of every community of the year."""
    year = _asked_year()
    _asked(actions.ask(gather.facts_of(year), year, _papers(), by=current_member()))
    return htmx.gone_to(url_for(".year_files", year=year))


@bp.post("/year-files/files/<uuid:year_file_id>/cancellation")
@require(P.CONTRACT_MANAGE, P.REVIEW_READ)
@goes_on
def create_cancellation(year_file_id: UUID) -> ResponseReturnValue:
    """Give up a file that is not made yet."""
    member = current_member()
    file = queries.own_file(member, year_file_id)
    code, year = file.detail["code"], file.detail["year"]
    try:
        work.cancel(file, by=member)
    except ConflictError as conflict:
        return htmx.refused(PLACE, FILES, **_place(code, year, conflict.message))
    flash(_("已取消。"), "success")
    return htmx.gone_to(url_for(".place", code=code, year=year))


@bp.get("/year-files/files/<uuid:year_file_id>/volume.pdf")
@require(P.CONTRACT_MANAGE, P.REVIEW_READ)
@fresh
def volume(year_file_id: UUID) -> ResponseReturnValue:
    """Give the bound PDF."""
    return _sent(year_file_id, "pdf")


@bp.get("/year-files/files/<uuid:year_file_id>/originals.zip")
@require(P.CONTRACT_MANAGE, P.REVIEW_READ)
@fresh
def originals(year_file_id: UUID) -> ResponseReturnValue:
    """Give the ZIP of originals with its manifest."""
    return _sent(year_file_id, "zip")


def _sent(year_file_id: UUID, kind: str) -> ResponseReturnValue:
    """Give one of both files, and note who took it. kind: pdf or zip."""
    member = current_member()
    file = queries.own_file(member, year_file_id)
    missing = _("这一卷还没有做好，或者没有做成。请回到年卷页面查看进度，或重新制作。")
    community = db.session.get_one(Community, file.detail["code"])
    name = f"{community.short_name}-{file.detail['year']}年卷.{kind}"
    return give(
        file, f".{kind}", name, f"application/{kind}", missing=missing, by=member, digest_at=kind
    )


def _place(code: str, year: int, refusal: str = "") -> dict[str, Any]:
    """Return what the page of a community's year shows. Raises NotFoundError for nothing there."""
    facts = gather.facts_of(year, [code]).get(code) if year in _years(year) else None
    community = db.session.get(Community, code)
    if facts is None or community is None:
        raise NotFoundError()
    member = current_member()
    files, withheld = queries.of_place(member, code, year), withheld_from(member)
    return {
        "community": community,
        "year": year,
        "facts": facts,
        "gaps": actions.gaps_of(facts, year, member.scope),
        "files": files,
        "tones": TONES,
        "withheld": withheld,
        "why_withheld": sentence() if any(map(withheld, files)) else "",
        "refusal": refusal,
    }


def _asked(count: int) -> None:
    if count:
        flash(_("已开始制作 %(count)d 卷，可以离开这一页，稍后回来下载。", count=count), "success")
    else:
        flash(_("正在制作，不用重复提交。"), "info")


def _papers() -> str:
    return url_for("papers.checks", _external=True)


def _asked_year() -> int:
    """Return the year of the request, this year's for none or nonsense."""
    given = request.values.get("year", "")
    this = clock.today().year
    return int(given) if given.isdecimal() and int(given) in _years(this) else this


def _years(year: int) -> range:
    """Return the years that there may be files of."""
    return range(FIRST_YEAR, max(clock.today().year, FIRST_YEAR) + 1) if year else range(0)
