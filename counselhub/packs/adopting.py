"""Firms follow a rule pack: activation copies its terms into each scheme that adopted it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, text

from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.errors import FrozenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import Scope, ScopeKind, as_firm, as_platform
from counselhub.packs import rules
from counselhub.packs.kinds import PACK_FLOW, PackStatus
from counselhub.packs.models import PackVersion, SchemePack
from counselhub.packs.trying import failing
from counselhub.people.models import Firm
from counselhub.schemes import actions as schemes
from counselhub.schemes.actions import PackCopy
from counselhub.schemes.models import Scheme

ADOPTERS = text("SELECT firm_id, scheme_id, contracts FROM pack_adopters(:pack, :since)")


@dataclass(frozen=True, slots=True)
class Adopter:
    """A firm's scheme that follows the pack, with its contracts from the version's first day on."""

    firm_id: UUID
    scheme_id: UUID
    contracts: int


def adopters(version: PackVersion) -> list[Adopter]:
    """Return who follows the pack of a version, under its owner's scope; one statement."""
    asked = {"pack": version.pack_id, "since": version.effective_from}
    return [Adopter(*row) for row in db.session.execute(ADOPTERS, asked)]


def activate(version: PackVersion, *, by: Member, revision: int | None = None) -> list[Adopter]:
    """Put a proposed version in force; another person than proposed it.

    Every scheme that follows the pack gets a copy. Raises RefusedError when an example fails or
    when the day is neither ahead nor the first of a month; FrozenError naming the firm whose
    submitted statement rests on the terms of that time; IllegalMoveError, ConflictError.
    """
    history.expect(version, revision)
    _refuse_same_person(version, by)
    _refuse_day(version)
    _refuse_failing(version)
    found = adopters(version)
    if version.status == PackStatus.PROPOSED:  # the act below is written with these
        version.activated_at = clock.now()
        version.activated_by_id, version.activated_by_name = by.person_id, by.name
    history.advance(
        version, PACK_FLOW, "activate_pack", by=by, number=version.number, firms=len(found)
    )
    if version.pack.published_at is None:
        version.pack.published_at = version.activated_at
    db.session.flush()
    copy, terms = copy_of(version), rules.terms_of(version.terms, version.effective_from)
    for adopter in found:
        _hand_on(adopter, terms, copy, by)
    return found


def _refuse_same_person(version: PackVersion, by: Member) -> None:
    if version.proposed_by_id is not None and version.proposed_by_id == by.person_id:
        raise RefusedError(_("提请的人不能自己启用，请由另一位同事复核后启用。"))


def _refuse_day(version: PackVersion) -> None:
    if not rules.may_begin(version.effective_from, clock.today()):
        raise RefusedError(
            _(
                "执行日期 %(day)s 已经过去。请退回起草，改为今后的日期，或者尚未结算月份的 1 日。",
                day=version.effective_from,
            )
        )


def _refuse_failing(version: PackVersion) -> None:
    if not version.examples:
        raise RefusedError(_("请先给这一版写至少一个算例，算对以后才能启用。"))
    wrong = failing(version)
    if wrong:
        raise RefusedError(
            _("算例“%(name)s”的结果与预期不符，算对以后才能启用。", name=wrong[0].name)
        )


def _hand_on(adopter: Adopter, terms: Any, copy: PackCopy, by: Member) -> None:
    """Copy the terms into one firm's scheme, under that firm's scope."""
    with as_firm(adopter.firm_id):
        scheme = db.session.scalars(select(Scheme).where(Scheme.id == adopter.scheme_id)).one()
        hand = _hand(by, adopter.firm_id)
        try:
            schemes.take_version(scheme, terms, copy, by=hand)
        except (FrozenError, RefusedError) as refusal:
            raise type(refusal)(
                _("%(firm)s：%(why)s", firm=_firm_name(adopter.firm_id), why=refusal.message)
            ) from refusal


def _hand(by: Member, firm_id: UUID) -> Member:
    """Return who acts on a firm's scheme from outside: its record tells the name alone."""
    scope = Scope(ScopeKind.FIRM, str(firm_id))
    return replace(by, scope=scope, person_id=None, membership_id=None, is_of_another=True)


def _firm_name(firm_id: UUID) -> str:
    with as_platform():
        return db.session.scalar(select(Firm.name).where(Firm.id == firm_id)) or ""


def copy_of(version: PackVersion) -> PackCopy:
    """Return what a scheme's version keeps of a pack's."""
    return PackCopy(version.id, version.pack.code, version.number, version.pack_terms)


def adopt(scheme: Scheme, pack: SchemePack, since: date, *, by: Member) -> None:
    """Let a firm's scheme follow a pack from the first day of a month on.

    What is in force then, and every later version, is copied. Raises RefusedError when the scheme
    follows one, or has versions of its own from that day on, or nothing is in force;
    FrozenError naming a submitted statement.
    """
    _refuse_adoption(scheme, since)
    taken = list(_from(pack, since))
    if not taken:
        raise RefusedError(_("这个补贴办法现在没有已启用的版本，还不能采用。"))
    for version, day in taken:
        schemes.take_version(scheme, rules.terms_of(version.terms, day), copy_of(version), by=by)
    scheme.pack_id = pack.id
    history.record(scheme, "adopt_pack", by=by, pack=pack.code, since=str(since))


def _refuse_adoption(scheme: Scheme, since: date) -> None:
    if scheme.pack_id is not None:
        raise RefusedError(_("方案 %(code)s 已经采用了补贴办法。", code=scheme.code))
    if since.day != 1:
        raise RefusedError(_("请从某个月的 1 日起采用。"), at="since")
    later = [one for one in scheme.versions if one.effective_from and one.effective_from >= since]
    if later:
        raise RefusedError(
            _(
                "方案 %(code)s 已有从 %(day)s 起的版本，请从那以后的月份起采用。",
                code=scheme.code,
                day=later[-1].effective_from,
            ),
            at="since",
        )


def _from(pack: SchemePack, since: date) -> Iterator[tuple[PackVersion, date]]:
    """Give the version in force on a day, from that day, and every later one from its own."""
    active = [one for one in pack.versions if one.status == PackStatus.ACTIVE]
    active.sort(key=lambda one: (one.effective_from, one.number))
    begun = [one for one in active if one.effective_from <= since]
    if begun:
        yield begun[-1], since
    yield from ((one, one.effective_from) for one in active if one.effective_from > since)
