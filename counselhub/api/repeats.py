"""A POST that is sent again is not done again: its first answer is given once more, for a day."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from flask import Response, g, request
from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from counselhub.api import faults
from counselhub.core import clock, data_keys, programs
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, RefusedError
from counselhub.core.ids import uuid7
from counselhub.core.sealing import Place, UnsealError
from counselhub.core.tenancy import as_platform
from counselhub.tokens.models import ApiAnswer

HEADER = "Idempotency-Key"
LONGEST = 100
KEPT = timedelta(hours=24)


def once(act: Callable[[], Response]) -> Response:
    """Do `act` under the request's key, or answer as the first time.

    The answer is kept in the transaction of the act: a refused request is kept as none, and may be
    sent again. Raises BadRequestError without a key, RefusedError for another request under it,
    ConflictError while the first one runs.
    """
    key = request.headers.get(HEADER, "")
    if not key or len(key) > LONGEST:
        raise faults.BadRequestError(
            _("每个 POST 都要带 Idempotency-Key（最长 %(count)d 个字符）。", count=LONGEST)
        )
    _hold(key)
    asked = _digest()
    if (kept := _kept(key)) is not None:
        return _again(kept, asked)
    answer = act()
    _keep(key, asked, answer)
    return answer


def _hold(key: str) -> None:
    """Hold the key until the transaction ends. Raises ConflictError when another request does."""
    name = f"api {g.token.id} {key}"
    free = select(func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0)))
    if not db.session.scalar(free):
        raise ConflictError(_("同一个 Idempotency-Key 的请求正在处理，请稍后重试。"))


def _digest() -> str:
    told = f"{request.method} {request.full_path}\n".encode() + request.get_data()
    return sha256(told).hexdigest()


def _kept(key: str) -> ApiAnswer | None:
    since = clock.now() - KEPT
    query = select(ApiAnswer).where(
        ApiAnswer.token_id == g.token.id, ApiAnswer.key == key, ApiAnswer.made_at > since
    )
    with as_platform():
        return db.session.scalar(query)


def _again(kept: ApiAnswer, asked: str) -> Response:
    if kept.digest != asked:
        raise RefusedError(_("这个 Idempotency-Key 已用于另一个请求。"))
    try:
        told = json.loads(data_keys.ring().unseal(kept.sealed, _place(kept)))
    except UnsealError as error:  # its key was retired within the day
        raise ConflictError(_("这个请求已经做过，原来的回答不再保留。")) from error
    return Response(told["body"], kept.status, told["headers"], mimetype=programs.JSON)


def _keep(key: str, asked: str, answer: Response) -> None:
    headers = {name: answer.headers[name] for name in ("ETag",) if name in answer.headers}
    row = ApiAnswer(
        token_id=g.token.id,
        key=key,
        digest=asked,
        row_id=uuid7(),
        status=answer.status_code,
        sealed="",
        made_at=clock.now(),
    )
    told = json.dumps({"body": answer.get_data(as_text=True), "headers": headers})
    row.sealed = data_keys.writing_ring().seal(told, _place(row))
    with as_platform():
        db.session.execute(delete(ApiAnswer).where(ApiAnswer.made_at <= clock.now() - KEPT))
        db.session.add(row)


def _place(row: ApiAnswer) -> Place:
    return Place(row.token_id, ApiAnswer.__tablename__, row.row_id, "sealed")
