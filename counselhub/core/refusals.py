"""The one place that records what was refused: acts that a role, a state or a scope does not allow.

What a form does not allow (422) is no act yet. Each refusal is written in a transaction of its own,
for the request's was rolled back.
"""

from flask import Flask, Response, g, request

from counselhub.core import history
from counselhub.core.history import Outcome

ACT = "refused"
ALWAYS = frozenset({403, 409})
WHEN_CHANGING = frozenset({404})
"""To ask for what is not there is a slip; to change it is an act on a row of somebody else."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def is_refusal(status: int, method: str) -> bool:
    """Say whether an answer with `status` refuses an act."""
    return status in ALWAYS or (status in WHEN_CHANGING and method not in READING)


def record(answer: Response) -> Response:
    """Record what `answer` refuses to a member; strangers' refusals are those of signing in."""
    member = g.get("member")
    if member is None or not is_refusal(answer.status_code, request.method):
        return answer
    ids = {name: str(value) for name, value in (request.view_args or {}).items()}
    history.note(
        ACT,
        scope=member.scope,
        by=member,
        outcome=Outcome.REFUSED,
        endpoint=request.endpoint or "",
        asked=f"{request.method} {request.path}"[:200],
        ids=ids,
        status=answer.status_code,
        words=str(g.get("refused") or ""),
    )
    return answer


def init_app(app: Flask) -> None:
    """Look at every answer."""
    app.after_request(record)
