"""What is done to a conference, one address an act."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.conferences import actions, queries, record_actions
from counselhub.conferences.forms import (
    ActForm,
    FeedbackForm,
    OpinionForm,
    RecordForm,
    RevisionForm,
    WordsForm,
    attendance_form,
)
from counselhub.conferences.kinds import ConferenceStatus
from counselhub.conferences.routes.blueprint import bp, done, fetched
from counselhub.core.access import current_member, require
from counselhub.core.forms import given, text
from counselhub.core.permissions import Permission


@bp.post("/conferences/<uuid:conference_id>/holding")
@require(Permission.REFERRAL_USE)
def create_holding(conference_id: UUID) -> ResponseReturnValue:
    """Note who came: it is held; or correct who came."""
    row = fetched(conference_id)
    form = attendance_form(row, queries.seats(row.id))
    act = "attend" if row.status == ConferenceStatus.HELD else "hold"

    def run(row: Any, revision: int | None) -> None:
        actions.hold(row, form.marks(), revision=revision, by=current_member())

    return done(conference_id, act, form, run, _("到会情况已登记"), shown_as="hold")


@bp.post("/conferences/<uuid:conference_id>/cancellation")
@require(Permission.REFERRAL_USE)
def create_cancellation(conference_id: UUID) -> ResponseReturnValue:
    """Call it off."""
    form = WordsForm()

    def run(row: Any, revision: int | None) -> None:
        actions.cancel(row, text(form.words), revision=revision, by=current_member())

    return done(conference_id, "cancel", form, run, _("会商已取消"))


@bp.post("/conferences/<uuid:conference_id>/excuse")
@require(Permission.REFERRAL_USE)
def create_excuse(conference_id: UUID) -> ResponseReturnValue:
    """Say that one cannot come."""
    form = WordsForm()

    def run(row: Any, revision: int | None) -> None:
        actions.excuse(row, text(form.words), revision=revision, by=current_member())

    return done(conference_id, "excuse", form, run, _("已告知不能参加"))


@bp.post("/conferences/<uuid:conference_id>/opinion")
@require(Permission.REFERRAL_USE)
def create_opinion(conference_id: UUID) -> ResponseReturnValue:
    """Write one's own opinion."""
    form = OpinionForm()

    def run(row: Any, revision: int | None) -> None:
        record_actions.give_opinion(row, text(form.opinion), revision=revision, by=current_member())

    return done(conference_id, "give_opinion", form, run, _("意见已保存，形成结论前可以再改"))


@bp.post("/conferences/<uuid:conference_id>/record")
@require(Permission.REFERRAL_USE)
def create_record(conference_id: UUID) -> ResponseReturnValue:
    """Keep the record while it is worked on."""
    form = RecordForm()

    def run(row: Any, revision: int | None) -> None:
        record_actions.note(row, form.record(), revision=revision, by=current_member())

    return done(conference_id, "note", form, run, _("会商记录已保存"))


@bp.post("/conferences/<uuid:conference_id>/conclusion")
@require(Permission.REFERRAL_USE)
def create_conclusion(conference_id: UUID) -> ResponseReturnValue:
    """Seal what was said and issue the minutes."""
    form = ActForm()

    def run(row: Any, revision: int | None) -> None:
        settles = given(form.settles) == "1"
        record_actions.conclude(row, settles=settles, revision=revision, by=current_member())

    return done(conference_id, "conclude", form, run, _("已形成结论，纪要第1版已出"))


@bp.post("/conferences/<uuid:conference_id>/revision")
@require(Permission.REFERRAL_USE)
def create_revision(conference_id: UUID) -> ResponseReturnValue:
    """Mend the record: a further version of the minutes."""
    form = RevisionForm()

    def run(row: Any, revision: int | None) -> None:
        record_actions.revise(
            row, form.record(), text(form.reason), revision=revision, by=current_member()
        )

    return done(conference_id, "revise", form, run, _("新一版纪要已出，旧版仍可查看"))


@bp.post("/conferences/<uuid:conference_id>/feedback")
@require(Permission.REFERRAL_USE)
def create_feedback(conference_id: UUID) -> ResponseReturnValue:
    """Note when the community was told."""
    form = FeedbackForm()

    def run(row: Any, revision: int | None) -> None:
        record_actions.tell_community(
            row, given(form.told_on), text(form.words), revision=revision, by=current_member()
        )

    return done(conference_id, "tell_community", form, run, _("反馈日期已登记"))
