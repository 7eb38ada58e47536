"""Lists read part by part: after the last row that was seen, so that new rows shift nothing."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Select, exists

from counselhub.api import faults
from counselhub.api.shapes import Item, Listed, PageOf
from counselhub.core.access import current_member
from counselhub.core.db import db
from counselhub.core.history import Event


def part_of(
    query: Select[*tuple[Any, ...]],
    key: Any,
    asked: Listed,
    show: Callable[[Any], Item],
    shape: type[PageOf[Item]],
) -> PageOf[Item]:
    """Return the part of `query` that `asked` wants, in the order of `key`; one statement.

    key: a column that is unique in the list: an id, which grows with time, or a code. show: makes
    what is told of a row. Raises InvalidError for a cursor of another list or of nobody's.
    """
    query = query.order_by(None).order_by(key).limit(asked.limit + 1)
    if asked.cursor:
        query = query.where(key > _opened(asked))
    rows = _rows(query)
    more = len(rows) > asked.limit
    shown = rows[: asked.limit]
    last = _key_of(shown[-1], key) if more else None
    return shape(items=[show(row) for row in shown], next=_sealed(asked, last) if last else None)


def _rows(query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    result = db.session.execute(query)
    return result.scalars().all() if len(result.keys()) == 1 else result.all()


def _key_of(row: Any, key: Any) -> str:
    whole = row if hasattr(row, key.key) else row[0]
    return str(getattr(whole, key.key))


def _sealer() -> URLSafeSerializer:
    secret = current_app.config["SECRET_KEY"]
    return URLSafeSerializer(secret, salt=f"cursor {request.endpoint}")


def _whose(asked: Listed) -> list[str]:
    """Whose list it is, and which: the cursor of one is no cursor of another."""
    member = current_member()
    filters = json.dumps(asked.filters(), sort_keys=True)
    return [member.scope.kind.value, member.scope.key, sha256(filters.encode()).hexdigest()[:16]]


def _sealed(asked: Listed, last: str) -> str:
    sealed: str = _sealer().dumps([*_whose(asked), last])
    return sealed


def _opened(asked: Listed) -> str:
    try:
        *whose, last = _sealer().loads(str(asked.cursor))
    except (BadData, ValueError, TypeError) as error:
        raise faults.at_query("cursor", str(_("没有这个位置，请从头读起。"))) from error
    if whose != _whose(asked):
        raise faults.at_query("cursor", str(_("这个位置属于另一个查询，请从头读起。")))
    return str(last)


def changed_since(model: Any, moment: datetime) -> Any:
    """Return the condition that something was done to a row at or after `moment`."""
    return exists().where(
        Event.firm_id == model.firm_id, Event.subject_id == model.id, Event.at >= moment
    )


def shown_as(shape: type[Item]) -> Callable[[Any], Item]:
    """Return what makes `shape` of a row."""
    return lambda row: shape.model_validate(row)
