"""What the service does by itself, and when (UTC, eight hours behind Shanghai): one table."""

import os

import click
from flask_babel import gettext as _

from counselhub.attendance import fetching, keeping
from counselhub.billing import events as billing_events
from counselhub.billing import nightly as billing
from counselhub.books import nightly as books
from counselhub.core import clock
from counselhub.core.commands import command, emit
from counselhub.core.jobs import Job, standings
from counselhub.cover import nightly
from counselhub.earlier import correction_actions as corrections
from counselhub.hooks import sending
from counselhub.instalments import nightly as instalments
from counselhub.leaving import deleting
from counselhub.notices import channels as notices
from counselhub.overdue import nightly as overdue
from counselhub.packets import nightly as packets
from counselhub.packs import rehearsing
from counselhub.pairings import nightly as pairings
from counselhub.premises import nightly as premises
from counselhub.referrals import hourly as referrals
from counselhub.reminders import actions as reminders
from counselhub.retention import actions as retention
from counselhub.retention import rules
from counselhub.retention.commands import SETTING


def sweep() -> None:
    """Erase what has been kept for its whole period."""
    retention.run(dict(rules.periods(os.environ.get(SETTING, ""))), dry=False)


TIMETABLE = (
    Job("retention", "20 19 * * *", sweep),
    Job("end_pairings", "40 16 * * *", pairings.run),
    Job("settle_duty", "10 17 * * *", nightly.run),
    Job("referral_limits", "*/10 * * * *", referrals.run),
    Job("packet_terms", "35 * * * *", packets.run),
    Job("fetch_punches", "25 * * * *", fetching.fetch_all),
    Job("compare_punches", "40 17 * * *", keeping.compare_all),
    Job("contract_days", "15 16 * * *", instalments.run),
    Job("cut_off", "10 16 * * *", overdue.run),
    Job("adjust_corrections", "50 17 * * *", corrections.settle_waiting),
    Job("check_books", "20 18 * * *", books.run),
    Job("premises_days", "5 16 * * *", premises.run),
    Job("stripe_events", "* * * * *", billing_events.handle_waiting),
    Job("billing_days", "25 16 * * *", billing.run),
    Job("delete_departed", "40 19 * * *", deleting.run),
    Job("rehearse_packs", "* * * * *", rehearsing.run),
    Job("remind", "30 0 * * *", reminders.run),
    Job("set_out_notices", "* * * * *", notices.set_out),
    Job("due_hooks", "* * * * *", sending.ask),
)


@command(click.Group(), "timetable")
@click.option("--json", "as_json", is_flag=True)
def timetable(as_json: bool) -> None:
    """Say what runs by itself, and how each job did when it last ran."""
    document, lines = [], []
    for job, found in zip(TIMETABLE, standings(TIMETABLE), strict=True):
        at = found.at and found.at.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")
        document.append(
            {"job": job.name, "cron_utc": job.cron, "status": found.status, "at": at}
            | {"attempts": found.attempts}
        )
        told = found.status or _("还没有运行过")
        lines.append(f"{job.name} ({job.cron}): {told} {at or ''}")
    emit({"jobs": document}, as_json, "\n".join(lines))
