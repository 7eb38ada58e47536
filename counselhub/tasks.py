"""What may be asked for in the background, by name: two tables. The worker knows no other."""

from flask import url_for

from counselhub.archives import actions as office_archives
from counselhub.billing import events
from counselhub.core.labels import N_
from counselhub.core.queueing import HOOKS, Task
from counselhub.hooks import actions as hooks
from counselhub.hooks import sending
from counselhub.leaving import archives as tenant_archives
from counselhub.notices import channels as notices
from counselhub.notices.actions import page
from counselhub.notices.kinds import Kind
from counselhub.statements.actions import months
from counselhub.work import actions as work
from counselhub.work import running
from counselhub.work.kinds import WorkState
from counselhub.work.models import LongWork
from counselhub.work.running import LongTask
from counselhub.workbook import background
from counselhub.yearfiles import actions as yearfiles
from counselhub.yearfiles.kinds import TASK as YEAR_FILE


def _trial(row: LongWork) -> str | None:
    is_over = row.state in (WorkState.DONE, WorkState.FAILED)
    return url_for("workbook.trial", digest=row.subject) if is_over else None


def _trial_done(row: LongWork) -> str | None:
    return _trial(row) if row.state is WorkState.DONE else None


def _import(row: LongWork) -> str | None:
    return url_for("workbook.workbook") if row.state is WorkState.DONE else _trial(row)


def _export(row: LongWork) -> str | None:
    is_done = row.state is WorkState.DONE
    return url_for("workbook.exported", work_id=row.id) if is_done else None


def _batch(row: LongWork) -> str | None:
    is_done = row.state is WorkState.DONE
    return url_for("statements.statements", month=row.subject) if is_done else None


def _archive(row: LongWork) -> str | None:
    return url_for("leaving.leaving") if row.state is WorkState.DONE else None


def _office_archive(_row: LongWork) -> str:
    return url_for(OFFICE_PAGE)


def _year_file(row: LongWork) -> str:
    return url_for("yearfiles.place", code=row.detail["code"], year=row.detail["year"])


def _year_files(order: running.Order) -> str:
    return page("yearfiles.year_files", year=order.detail["year"])


OFFICE_PAGE = "archives.archives"
LONG_WORKS = (
    LongTask(background.TRIAL, N_("试读工作簿"), background.run_trial, _trial_done),
    LongTask(background.IMPORT, N_("导入工作簿"), background.run_import, _import),
    LongTask(background.EXPORT, N_("导出全部数据"), background.run_export, _export),
    LongTask(
        tenant_archives.TASK, N_("导出全所归档"), tenant_archives.run, _archive, is_whole=True
    ),
    LongTask(months.TASK, N_("编制全部结算单"), months.run_batch, _batch),
    LongTask(
        office_archives.TASK,
        N_("司法所的全部导出"),
        office_archives.run,
        _office_archive,
        ready=(Kind.ARCHIVE_READY, OFFICE_PAGE),
    ),
    LongTask(YEAR_FILE, N_("制作年卷"), yearfiles.run, _year_file, told_at=_year_files),
)
TASKS = (
    Task(work.TASK, running.run, is_long=True),
    Task("stripe_event", events.handle),
    Task(notices.TASK, notices.deliver),
    Task(hooks.TASK, sending.run, queue=HOOKS),
)
