"""Show the style guide on its own, with made-up data: `python -m tools.guide [port]`.

For the eye and for the browser test of the shell; nothing of the product is imported but
its shell: core/htmx.py, assets.py, fragments.py, templates.py and security_headers.py.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Flask, Response, flash, redirect, render_template, request, session
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import StrictUndefined
from wtforms import fields as f
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.core import assets, fragments, htmx, security_headers, templates
from counselhub.core.paging import Page

ROOT = Path(__file__).resolve().parent.parent
SHANGHAI = timezone(timedelta(hours=8))
KINDS = [
    SelectChoice("consultation", "法律咨询"),
    SelectChoice("mediation", "参与调解"),
    SelectChoice("lecture", "法治讲座"),
    SelectChoice("opinion", "法律意见书"),
    SelectChoice("drafting", "代写文书"),
    SelectChoice("aid", "法律援助"),
]
COMMUNITIES = ["南岭村社区", "丹竹头社区", "厦村社区", "沙塘布社区", "樟树布社区"]


class Entry(NamedTuple):
    """As navigation.Entry."""

    label: str
    href: str
    icon: str
    phone: bool
    active: bool
    badge: int | None


class Part(NamedTuple):
    """As navigation.Part."""

    name: str
    entries: tuple[Entry, ...]
    is_open: bool
    badge: int | None


class Menu(NamedTuple):
    """As navigation.Menu."""

    parts: tuple[Part, ...]

    @property
    def entries(self) -> list[Entry]:
        """All entries in their order."""
        return [entry for part in self.parts for entry in part.entries]


class EntryForm(FlaskForm):
    kind = f.RadioField(
        "服务类型",
        choices=[SelectChoice(*kind) for kind in KINDS],
        validators=[InputRequired()],
        default="mediation",
    )
    count = f.IntegerField("数量", validators=[InputRequired(), NumberRange(min=1)], default=1)
    on = f.DateField("服务日期", validators=[InputRequired()], default=date(2026, 10, 8))
    community = f.SelectField("社区", choices=[SelectChoice(name) for name in COMMUNITIES])
    phone = f.TelField("联系电话", validators=[Optional()])
    fee = f.DecimalField("补贴金额", validators=[InputRequired("请填写金额，例如 300.00。")])
    summary = f.TextAreaField(
        "内容摘要", validators=[InputRequired("请用一两句话写明做了什么。"), Length(max=200)]
    )
    agreed = f.BooleanField("当事人同意司法所查看本记录")


def yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def day(value: date) -> str:
    return f"{value:%Y-%m-%d} 周{'一二三四五六日'[value.weekday()]}"


def clock(value: datetime) -> str:
    return f"{value.astimezone(SHANGHAI):%m-%d %H:%M}"


def minutes(value: int) -> str:
    return f"{value // 60}小时{value % 60:02d}分"


def gettext(text: str, **values: Any) -> str:
    return text % values if values else text


def url_with(**changes: Any) -> str:
    query = {**request.args, **changes}
    return "?" + urlencode({key: value for key, value in query.items() if value is not None})


def sample() -> dict[str, Any]:
    labels = [("首页", "home"), ("值班", "calendar-time"), ("服务记录", "clipboard-list")]
    labels += [("社区", "building-community"), ("转介会商", "arrows-exchange")]
    labels += [("月结单", "file-invoice"), ("结对共建", "users"), ("设置", "settings")]
    badges = {0: 3, 4: 12}
    entries = tuple(
        Entry(label, f"#{icon}", icon, i < 5, i == 2, badges.get(i))
        for i, (label, icon) in enumerate(labels)
    )
    menu = Menu((Part("", entries[:3], True, None), Part("档案", entries[3:], False, 12)))
    roles = ["广东某某（龙岗）律师事务所 · 主任", "南湾街道司法所 · 经办", "平湖街道司法所 · 经办"]
    at = datetime(2026, 10, 8, 1, 30, tzinfo=UTC)
    moves = [
        ("签字确认", "王所长", "success", None),
        ("退回补正", "李经办", "danger", "3 号、7 号缺签到照片。"),
    ]
    moves += [("提交司法所", "陈主任", "info", None), ("生成草稿", "系统", "neutral", None)]
    return {
        "links": {
            "home": "/",
            "sign_out": "/out",
            "switch": "/switch",
            "language": "/language",
            "account": "#a",
        },
        "menu": menu,
        "memberships": [{"id": i, "label": x, "current": i == 0} for i, x in enumerate(roles)],
        "person": "陈晓岚",
        "person_key": "p1",
        "lang": session.get("lang", "zh-CN"),
        "breadcrumbs": [{"label": "首页", "href": "/"}, {"label": "样式", "href": "/"}],
        "communities": COMMUNITIES,
        "today": date(2026, 10, 8),
        "since": datetime.now(UTC) - timedelta(minutes=125),
        "page": Page(COMMUNITIES, int(request.args.get("page", 2)), 20, 220),
        "events": [
            {"at": at - timedelta(hours=5 * i), "what": w, "who": p, "tone": t, "note": n}
            for i, (w, p, t, n) in enumerate(moves)
        ],
    }


def create_app(*, debug: bool = True) -> Flask:
    app = Flask(__name__, root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.debug = debug
    app.config["SECRET_KEY"] = "guide"  # noqa: S105  # its session keeps a language
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        _=gettext,
        url_with=url_with,
        page_path=lambda: request.path,
        can=lambda *a: True,
        outage_banner=lambda: None,
        ngettext=lambda one, many, n, **k: (one if n == 1 else many) % {"num": n, **k},
    )
    app.jinja_env.filters.update(yuan=yuan, day=day, clock=clock, minutes=minutes)
    templates.init_app(app)
    htmx.init_app(app)
    security_headers.init_app(app)
    assets.init_app(app)
    fragments.init_app(app)
    CSRFProtect(app)

    @app.get("/")
    def guide() -> Response:
        if "flash" in request.args:
            flash("月结单已提交南湾街道司法所。", "success")
        form, bad = EntryForm(), EntryForm(formdata=None, prefix="bad", meta={"csrf": False})
        bad.fee.data, bad.summary.data = None, ""
        bad.validate()
        return htmx.show("core/guide.html", form=form, bad=bad, **sample())

    @app.post("/entry")
    def entry() -> Response:
        form = EntryForm()
        if not form.validate():
            return htmx.invalid(
                "core/guide.html", "core/_guide_form.html", form=form, bad=form, **sample()
            )
        return htmx.changed(
            "core/_guide_form.html", "/", toast="已记下一条服务。", form=EntryForm(formdata=None)
        )

    @app.post("/language")
    def language() -> Response:
        session["lang"] = request.form["language"].replace("_", "-")
        return htmx._plain(redirect("/", 303))

    @app.route("/<name>", methods=["GET", "POST"])
    def other(name: str) -> tuple[str, int]:
        way_out = {"href": "/", "label": "回到首页"}
        text = "可能是链接过期了，或者这条记录不归您现在的身份查看。您可以切换身份，或回到首页。"
        page = "core/_error.html" if htmx.wants_part() else "core/error.html"
        return render_template(
            page, code=404, title="没有找到这个页面", message=text, way_out=way_out
        ), 404

    return app


if __name__ == "__main__":
    create_app(debug="--live" not in sys.argv).run(
        port=int(sys.argv[1]) if len(sys.argv) > 1 else 5080
    )
