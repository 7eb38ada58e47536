"""A furnished firm's own report template, marked with its token."""

from counselhub.core import clock
from counselhub.core.db import db
from counselhub.programme import data
from counselhub.programme.builtin import BUILT_IN
from counselhub.programme.models import ReportTemplate


def add(token: str) -> dict[str, object]:
    """Add a copy of a built-in template; return its id by the parameter of its address."""
    row = ReportTemplate(
        name=f"模板{token}",
        title=f"标题{token}",
        columns=data.written(BUILT_IN["yuexiu"].columns),
        has_total=True,
        copied_from=f"照{token}",
        changed_at=clock.now(),
        changed_by_name=f"改{token}",
    )
    db.session.add(row)
    db.session.flush()
    return {"report_template_id": row.id}
