"""The steps of a referral after somebody took it, and the ways out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from counselhub.core.access import current_member, require
from counselhub.core.forms import text
from counselhub.core.permissions import Permission
from counselhub.referrals import actions, timing, tying
from counselhub.referrals.forms import ActForm, MatterForm, OpinionForm, WordsForm
from counselhub.referrals.routes.blueprint import bp, done


def _with_words(
    referral_id: UUID, act: str, do: Callable[..., object], toast: str
) -> ResponseReturnValue:
    form = WordsForm()

    def run(row: Any, revision: int | None) -> None:
        do(row, text(form.words), revision=revision, by=current_member())

    return done(referral_id, act, form, run, toast)


def _plain(
    referral_id: UUID, act: str, do: Callable[..., object], toast: str
) -> ResponseReturnValue:
    def run(row: Any, revision: int | None) -> None:
        do(row, revision=revision, by=current_member())

    return done(referral_id, act, ActForm(), run, toast)


@bp.post("/referrals/<uuid:referral_id>/withdrawal")
@require(Permission.REFERRAL_USE)
def create_withdrawal(referral_id: UUID) -> ResponseReturnValue:
    """Take it back before somebody works on it."""
    return _with_words(referral_id, "withdraw", actions.withdraw, _("已撤回转介"))


@bp.post("/referrals/<uuid:referral_id>/return")
@require(Permission.REFERRAL_USE)
def create_return(referral_id: UUID) -> ResponseReturnValue:
    """Give it back: it needs a team again."""
    return _with_words(referral_id, "send_back", actions.send_back, _("已退回，等重新组队"))


@bp.post("/referrals/<uuid:referral_id>/pause")
@require(Permission.REFERRAL_USE)
def create_pause(referral_id: UUID) -> ResponseReturnValue:
    """Stop the clock while the client is waited for."""
    return _with_words(referral_id, "pause", timing.pause, _("计时已停，等当事人"))


@bp.post("/referrals/<uuid:referral_id>/resumption")
@require(Permission.REFERRAL_USE)
def create_resumption(referral_id: UUID) -> ResponseReturnValue:
    """Let the clock run on."""
    return _plain(referral_id, "resume", timing.resume, _("计时已恢复"))


@bp.post("/referrals/<uuid:referral_id>/conference")
@require(Permission.REFERRAL_USE)
def create_conference(referral_id: UUID) -> ResponseReturnValue:
    """Begin to confer on it."""
    return _plain(referral_id, "confer", actions.confer, _("已转入会商"))


@bp.post("/referrals/<uuid:referral_id>/opinion")
@require(Permission.REFERRAL_USE)
def create_opinion(referral_id: UUID) -> ResponseReturnValue:
    """Give the opinion."""
    form = OpinionForm()

    def run(row: Any, revision: int | None) -> None:
        actions.conclude(row, text(form.opinion), revision=revision, by=current_member())

    return done(referral_id, "conclude", form, run, _("意见已记下，请向社区和当事人反馈"))


@bp.post("/referrals/<uuid:referral_id>/reopening")
@require(Permission.REFERRAL_USE)
def create_reopening(referral_id: UUID) -> ResponseReturnValue:
    """Work on it again."""
    return _with_words(referral_id, "reopen", actions.reopen, _("已重新办理"))


@bp.post("/referrals/<uuid:referral_id>/closing")
@require(Permission.REFERRAL_USE)
def create_closing(referral_id: UUID) -> ResponseReturnValue:
    """End it."""
    return _plain(referral_id, "close", actions.close, _("已办结"))


@bp.post("/referrals/<uuid:referral_id>/matter")
@require(Permission.REFERRAL_USE)
def create_matter_tie(referral_id: UUID) -> ResponseReturnValue:
    """Let it belong to a matter."""
    form = MatterForm()

    def run(row: Any, revision: int | None) -> None:
        tying.tie(row, text(form.number), revision=revision, by=current_member())

    return done(referral_id, "tie_matter", form, run, _("已关联事项，隔离在外的人看不到这个转介"))


@bp.post("/referrals/<uuid:referral_id>/matter/removal")
@require(Permission.REFERRAL_MANAGE)
def remove_matter_tie(referral_id: UUID) -> ResponseReturnValue:
    """Let it belong to none."""
    return _plain(referral_id, "untie_matter", tying.untie, _("已取消关联事项"))


@bp.post("/referrals/<uuid:referral_id>/escalation")
@require(Permission.REFERRAL_USE)
def create_escalation(referral_id: UUID) -> ResponseReturnValue:
    """Tell the emergency liaison."""
    form = WordsForm()

    def run(row: Any, _revision: int | None) -> None:
        timing.escalate(row, text(form.words), by=current_member())

    return done(referral_id, "escalate", form, run, _("已上报应急联络人"))


@bp.post("/referrals/<uuid:referral_id>/escalation/settlement")
@require(Permission.REFERRAL_USE)
def create_settlement(referral_id: UUID) -> ResponseReturnValue:
    """Say what the liaison did about it."""
    return _with_words(
        referral_id, "settle_escalation", timing.settle_escalation, _("已记录处理，时限重新计算")
    )
