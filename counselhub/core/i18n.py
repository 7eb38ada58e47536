"""Chinese first: words in the source are Chinese, English comes from the catalogue."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from flask import Flask, has_request_context, session
from flask_babel import Babel, force_locale, gettext, ngettext, pgettext
from flask_babel import gettext as _
from markupsafe import Markup

from counselhub.core import clock, money, programs

LOCALES = ("zh_CN", "en")
PARSED = {name: Locale.parse(name) for name in LOCALES}
"""Babel would parse the name anew for every request."""
WEEKDAYS = "一二三四五六日"

_picked = ContextVar[list[str] | None]("picked", default=None)
"""The language of the request that is served, once it was asked for: a page asks for each word."""
_written = ContextVar[str | None]("written", default=None)


@contextmanager
def written_in(locale: str) -> Iterator[None]:
    """Word what is made inside for a reader of this language (one of LOCALES): a letter, say."""
    token = _written.set(locale)
    try:
        with force_locale(PARSED[locale]):
            yield
    finally:
        _written.reset(token)


def pick_locale() -> str:
    """Return the language of this session, Chinese unless English was chosen; of a command too.

    A program says with each request which one it reads.
    """
    if (locale := _written.get()) is not None:
        return locale
    if not has_request_context():
        return LOCALES[0]
    if picked := _picked.get():
        return picked[0]
    locale = _pick()
    if picked is not None:
        picked.append(locale)
    return locale


def _begin() -> None:
    _picked.set([])


def _end(_error: BaseException | None) -> None:
    _picked.set(None)


def _pick() -> str:
    if programs.is_asked():
        return programs.language()
    chosen = session.get("locale")
    return chosen if chosen in LOCALES else LOCALES[0]


def day(value: date | None) -> str:
    """Write a day with its weekday: `2026-10-08 周四`."""
    return "" if value is None else _day(value, pick_locale())


@lru_cache(maxsize=1024)
def _day(value: date, locale: str) -> str:
    """Write a day as most tables do, in every row."""
    if locale == "en":
        return value.strftime("%Y-%m-%d %a")
    return f"{value:%Y-%m-%d} 周{WEEKDAYS[value.weekday()]}"


def clock_time(value: datetime | None) -> str:
    """Write an instant as Shanghai's wall clock: `10-08 09:30`."""
    return f"{clock.local(value):%m-%d %H:%M}" if value else ""


def hour(value: datetime | None) -> str:
    """Write only the time of an instant on Shanghai's wall clock: `09:30`."""
    return f"{clock.local(value):%H:%M}" if value else ""


def month(value: date) -> str:
    """Write a month: `2026年9月`."""
    return value.strftime("%Y-%m") if pick_locale() == "en" else f"{value.year}年{value.month}月"


def minutes(value: int) -> str:
    """Write whole minutes as hours and minutes: `2小时05分`."""
    return str(_("%(hours)d小时%(minutes)02d分", hours=value // 60, minutes=value % 60))


def yuan(fen: int | None) -> str:
    """Write fen as yuan: `1,666.67`; blank stays blank."""
    return "" if fen is None else money.format_yuan(fen)


def listed(words: Iterable[object]) -> str:
    """Write words in a row, with the comma of the reader's language: `甲、乙`."""
    return str(_("、")).join(map(str, words))


def clauses(parts: Iterable[object]) -> str:
    """Write parts of one sentence in a row: `甲，乙`."""
    return str(_("，")).join(map(str, parts))


def titled(title: object, text: object) -> str:
    """Write a title and what it is about: `甲：乙`."""
    return f"{title}{_('：')}{text}"


def page_text(word: str) -> str:
    """Translate for a page: hundreds of words each, and Chinese needs no catalogue.

    No word stays none: a catalogue keeps its own head under it.
    """
    return str(gettext(word)) if word and pick_locale() != LOCALES[0] else word


def page_words(word: str, **values: object) -> Markup:
    """Write `_("…", name=value)` of a page: words translated, values escaped and put in.

    It stands in for Jinja's own, which calls thrice for each word and formats each anew.
    """
    text = _marked(page_text(word))
    return text % values if values or "%" in text else text


@lru_cache(maxsize=8192)
def _marked(text: str) -> Markup:
    return Markup(text)  # noqa: S704  # words of ours, not of a reader


def page_text_in(context: str, word: str) -> str:
    """Translate a word that Chinese has once and English twice, as “律师”: Lawyer, Lawyers."""
    return word if pick_locale() == LOCALES[0] else str(pgettext(context, word))


def page_text_of_number(one: str, many: str, number: int) -> str:
    """Translate a sentence that counts; Chinese has one form for every number."""
    return many if pick_locale() == LOCALES[0] else str(ngettext(one, many, number))


def init_app(app: Flask) -> None:
    """Register Babel and the filters that pages write values with."""
    app.before_request(_begin)
    app.teardown_request(_end)
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LOCALES[0])
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=lambda: PARSED[pick_locale()], default_timezone="Asia/Shanghai")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of jinja2.ext.i18n
        page_text, page_text_of_number, newstyle=True, pgettext=page_text_in
    )
    app.jinja_env.globals["_"] = page_words
    app.jinja_env.filters.update(
        day=day, clock=clock_time, hour=hour, month=month, minutes=minutes, yuan=yuan
    )
    app.jinja_env.filters["listed"] = listed
