"""What a program's request may be refused for, beside what the pages refuse."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import ValidationError

from counselhub.core.errors import DomainError, ForbiddenError, RefusedError

INVALID = _l("发来的内容不符合接口说明，见 errors。")


class BadRequestError(DomainError):
    """What came cannot be read at all (400)."""

    status = 400


class NotAcceptableError(DomainError):
    """The program reads no JSON (406)."""

    status = 406

    def __init__(self) -> None:
        super().__init__(_l("本接口只回答 JSON。"))


class MediaTypeError(DomainError):
    """What came is no JSON (415)."""

    status = 415

    def __init__(self) -> None:
        super().__init__(_l("本接口只接受 JSON：请把 Content-Type 写成 application/json。"))


class NeedsConditionError(DomainError):
    """A change without If-Match (428)."""

    status = 428

    def __init__(self) -> None:
        super().__init__(_l("修改前请先读取，再用 If-Match 送回它的 ETag。"))


class InvalidError(RefusedError):
    """Fields that the description or a rule does not allow (422)."""

    def __init__(self, problems: Sequence[dict[str, str]], message: object = INVALID) -> None:
        super().__init__(message)
        self.problems = list(problems)


def invalid(error: ValidationError, where: str) -> InvalidError:
    """Return the refusal of what pydantic found; where: `body` or `query`."""
    return InvalidError([_told(one, where) for one in error.errors()])


def _told(found: Any, where: str) -> dict[str, str]:
    pointer = "/".join((f"/{where}", *map(_escaped, found["loc"])))
    return {"pointer": pointer, "detail": found["msg"]}


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def at_query(name: str, words: str) -> InvalidError:
    """Return the refusal of one argument of an address."""
    return InvalidError([{"pointer": f"/query/{name}", "detail": words}])


def lacks_scope(scope: str) -> ForbiddenError:
    """Return the refusal of a token that is not good for this."""
    return ForbiddenError(_("这个访问令牌没有权限 %(scope)s。", scope=scope))
