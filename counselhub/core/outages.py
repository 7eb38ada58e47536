"""What the operator tells everybody on every page: an outage, a planned interruption, a notice.

Whoever is signed in gets it with the statement that every request sends anyway; a stranger's page
asks for it at most twice a minute for each process. It ends by itself.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from flask_login import current_user
from sqlalchemy import CheckConstraint, ColumnElement, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from counselhub.core import clock
from counselhub.core.columns import one_of
from counselhub.core.db import Base, db
from counselhub.core.i18n import LOCALES, pick_locale
from counselhub.core.ids import uuid7
from counselhub.core.labels import N_, Labelled
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import as_platform

FRESH_SECONDS = 30


class Level(Labelled):
    """How bad it is."""

    NOTICE = "notice", N_("通知")
    PLANNED = "planned", N_("计划停机")
    OUTAGE = "outage", N_("故障")


TONES = {Level.NOTICE: "info", Level.PLANNED: "warning", Level.OUTAGE: "danger"}


class Outage(Base):
    """One banner in both languages, shown from `starts_at` until before `ends_at`."""

    __tablename__ = "outage"
    __table_args__ = (
        one_of("level", Level),
        CheckConstraint("starts_at <= ends_at", name="span"),
        Index("ix_outage_ends_at", "ends_at"),
    )
    data_class = DataClass.PLATFORM

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    level: Mapped[str]
    words_zh: Mapped[str]
    words_en: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    by_name: Mapped[str]


@dataclass(frozen=True, slots=True)
class Banner:
    """What a page shows."""

    tone: str
    label: str
    words: str
    until: datetime


_o = Outage.__table__.c


def running() -> ColumnElement[Any]:
    """The newest banner of now as JSON, null for none: a column of the statement of a session."""
    fields = func.jsonb_build_object(
        "level", _o.level, "zh", _o.words_zh, "en", _o.words_en, "until", _o.ends_at
    )
    return (
        select(fields)
        .where(_o.starts_at <= func.now(), _o.ends_at > func.now())
        .order_by(_o.starts_at.desc(), _o.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("banner")
    )


def banner() -> Banner | None:
    """Return what the present page is to show."""
    found = current_user.banner if current_user.is_authenticated else _for_strangers()
    if found is None or (until := datetime.fromisoformat(found["until"])) <= clock.now():
        return None
    level, is_chinese = Level(found["level"]), pick_locale() == LOCALES[0]
    return Banner(TONES[level], level.label, found["zh" if is_chinese else "en"], until)


def _for_strangers() -> dict[str, str] | None:
    kept: dict[str, Any] = current_app.extensions["outages"]
    if time.monotonic() >= kept["until"]:
        with as_platform():
            kept["found"] = db.session.execute(select(running())).scalar_one()
        kept["until"] = time.monotonic() + FRESH_SECONDS
    found: dict[str, str] | None = kept["found"]
    return found


def init_app(app: Flask) -> None:
    """Let every page ask for the banner."""
    app.extensions["outages"] = {"until": 0.0, "found": None}
    app.jinja_env.globals.update(outage_banner=banner)
