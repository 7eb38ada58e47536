"""What the domain may refuse, and the one place that gives each refusal its status."""

import json
from typing import Any, cast

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from counselhub.core import programs
from counselhub.core.db import db


class DomainError(Exception):
    """A refusal in the reader's language.

    row: the thing refused on, as it now is. at: the field of an entry that breaks the rule, by its
    name in form and entry alike; '' where it is no single one.
    """

    status = 422

    def __init__(self, message: object, *, row: Any = None, at: str = "") -> None:
        super().__init__(message)
        self.row, self.at = row, at

    @property
    def message(self) -> str:
        """The sentence to show, in the reader's language."""
        return str(self.args[0])


class RefusedError(DomainError):
    """The input breaks a rule (422)."""


class ConflictError(DomainError):
    """Another act came first: the thing is shown as it now is (409)."""

    status = 409


class ChangedError(ConflictError):
    """The thing is not what a program last saw, as it says with If-Match (412)."""

    status = 412

    def __init__(self) -> None:
        super().__init__(STALE)


class IllegalMoveError(ConflictError):
    """The thing's state does not allow this act (409)."""


class FrozenError(ConflictError):
    """A submitted statement has frozen this record (409)."""


class NotFoundError(DomainError):
    """Not there, or not for this scope: both look the same (404)."""

    status = 404

    def __init__(self, message: object = _l("没有找到您要的内容")) -> None:
        super().__init__(message)


class UnknownTokenError(DomainError):
    """A program without a token that counts (401)."""

    status = 401

    def __init__(self, message: object = _l("访问令牌缺失、已失效或已撤销")) -> None:
        super().__init__(message)


class ForbiddenError(DomainError):
    """Seen, but not for this act (403)."""

    status = 403

    def __init__(self, message: object = _l("您的角色不能进行这项操作")) -> None:
        super().__init__(message)


class ReadOnlyError(ForbiddenError):
    """The place has not paid and may only read until it does (403)."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "本所的订阅已经到期，现在只读：可以查看、导出，值班签到签退照常，其他操作没有保存。"
                "请主任或财务在“套餐与付款”付款，到账后立即恢复。"
            )
        )


class VisitorError(ForbiddenError):
    """What no visit of the platform's support opens (403)."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "支持访问看不到、也办不了这一项：服务内容、服务对象、案件、证据、结算、"
                "账号与安全都只归本单位。请本单位的人自己打开。"
            )
        )


class TooManyError(DomainError):
    """Too many requests of one kind in a short time (429)."""

    status = 429


class FaultsError(RefusedError):
    """Several faults at once, each with its place: a form or a file."""

    def __init__(self, message: object, faults: list[dict[str, str]]) -> None:
        super().__init__(message)
        self.faults = faults


STALE = _l("别人刚刚改动了它，您的这次操作没有保存。请看最新内容后再操作。")
TOO_LONG = _l("填写的内容太长或项目太多，没有保存。请缩短后重试。")
OLD_PAGE = _l("这个页面打开得太久了。请刷新页面后重试，您填写的内容会保留。")
TITLES = {
    400: _l("请求有误"),
    401: _l("请先登录"),
    403: _l("没有权限"),
    404: _l("没有找到"),
    405: _l("不支持这种操作"),
    406: _l("不支持这种格式"),
    409: _l("内容已经变化"),
    412: _l("内容已经变化"),
    413: _l("文件过大"),
    415: _l("不支持这种格式"),
    422: _l("填写有误"),
    428: _l("缺少条件"),
    429: _l("操作过于频繁"),
    500: _l("服务出现故障"),
}
WORDS = {
    400: _l("请返回上一页后重试。"),
    403: _l("您的角色不能进行这项操作。如有需要，请联系本单位的管理员。"),
    404: _l("地址不存在，或者不属于您的单位。"),
    405: _l("请返回上一页，从页面上的按钮操作。"),
    413: _l("上传的文件超过了大小上限（%(limit)s MB），请拆分后再传。"),
    500: _l("故障已记录，您填写的内容没有保存。请稍后重试。"),
}


def answer(status: int, message: str) -> ResponseReturnValue:
    """Answer with the error page, or its partial for htmx; a program gets a problem."""
    g.refused = message
    if programs.is_asked():
        return programs.problem(status, str(TITLES.get(status, TITLES[400])), message)
    is_part = bool(request.headers.get("HX-Request"))
    page = render_template(
        "core/_error.html" if is_part else "core/error.html",
        code=status,
        title=TITLES.get(status, TITLES[400]),
        message=message,
        way_out={"href": "/", "label": _l("回到首页")},
        again=_typed() if status == TooManyError.status else None,
    )
    headers = {"Vary": "HX-Request"}
    if is_part and status == TooManyError.status:  # the form stays as it is
        toast = {"toast": {"message": message, "tone": "danger"}}
        headers |= {"HX-Reswap": "none", "HX-Trigger": json.dumps(toast)}
    return page, status, headers


def _typed() -> list[tuple[str, str]] | None:
    """Return what a form sent, to be sent again; None for files, passwords and no form at all."""
    sent = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    secret = any("password" in name for name, _value in sent)
    return None if request.method != "POST" or request.files or secret else sent


def on_csrf(_error: Exception) -> ResponseReturnValue:
    """A form without a valid token: an old page, or somebody else's."""
    return answer(400, str(OLD_PAGE))


def on_domain_error(error: DomainError) -> ResponseReturnValue:
    """A refusal, with its own sentence and status."""
    message = error.message
    db.session.rollback()
    if programs.is_asked():
        return _problem_of(error, message)
    return answer(error.status, message)


def _problem_of(error: DomainError, message: str) -> ResponseReturnValue:
    """Tell a program where in its entry the fault lies, when that is known."""
    g.refused = message
    faults = getattr(error, "problems", [])
    if not faults and error.at:
        faults = [{"pointer": f"/body/{error.at}", "detail": message}]
    title = str(TITLES.get(error.status, TITLES[400]))
    return programs.problem(error.status, title, message, faults=faults)


def on_stale(_error: StaleDataError) -> ResponseReturnValue:
    """Two people at once: the second one is told, and shown the thing as it is."""
    has_condition = programs.is_asked() and "If-Match" in request.headers
    return on_domain_error(ChangedError() if has_condition else ConflictError(STALE))


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """What werkzeug refuses: no such address, too large, wrong method."""
    db.session.rollback()
    status = error.code or 500
    if status < 400:
        return error.get_response()
    limit: int = current_app.config.get("MAX_CONTENT_LENGTH") or 0
    is_form = request.max_content_length != limit or (request.content_length or 0) <= limit
    if status == 413 and is_form:
        return answer(status, str(TOO_LONG))
    refused = answer(status, str(WORDS.get(status, WORDS[400])) % {"limit": limit // 2**20})
    if programs.is_asked() and isinstance(error, MethodNotAllowed) and error.valid_methods:
        cast(Response, refused).headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return refused


def on_fault(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged in full, told in one sentence."""
    current_app.logger.exception("unhandled", exc_info=error)
    db.session.rollback()
    return answer(500, str(WORDS[500]))


def init_app(app: Flask) -> None:
    """Register the handlers; no page ever shows a stack trace."""
    app.register_error_handler(DomainError, on_domain_error)
    app.register_error_handler(StaleDataError, on_stale)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(Exception, on_fault)
