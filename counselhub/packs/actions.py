"""Draft rule packs and pass them on: whatever was activated is never changed again."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import FaultsError, FrozenError, RefusedError
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind
from counselhub.packs import rules, wording
from counselhub.packs.kinds import PACK_FLOW, PackStatus
from counselhub.packs.models import PackExample, PackVersion, SchemePack
from counselhub.packs.rules import Draft

CODE_TAKEN = "uq_scheme_pack_district_code_street_code_code"


@dataclass(frozen=True, slots=True)
class Owner:
    """A bureau, or a street's office, as rows name it."""

    district_code: str
    street_code: str | None


def owner(by: Member) -> Owner:
    """Return whose pack it is that a member makes."""
    if by.scope.kind is ScopeKind.BUREAU:
        return Owner(by.scope.key, None)
    return Owner(by.street_code[:6], by.street_code)


def create(code: str, name: str, draft: Draft, *, by: Member) -> SchemePack:
    """Make a pack with its first draft. Raises RefusedError when the code is taken, FaultsError."""
    _refuse_faults(draft)
    whose = owner(by)
    pack = SchemePack(
        code=code, name=name, district_code=whose.district_code, street_code=whose.street_code
    )
    try:
        with db.session.begin_nested():
            db.session.add(pack)
    except IntegrityError as error:
        if constraint_of(error) != CODE_TAKEN:
            raise
        raise RefusedError(
            _("办法代码“%(code)s”已经用过，请换一个代码。", code=code), at="code"
        ) from error
    history.record(pack, "create_pack", by=by, code=code, name=name)
    add_version(pack, draft, by=by)
    return pack


def add_version(
    pack: SchemePack, draft: Draft, *, by: Member, of: PackVersion | None = None
) -> PackVersion:
    """Draft the next version; `of` gives its examples. Raises FaultsError."""
    _refuse_faults(draft)
    before = select(func.max(PackVersion.number)).where(PackVersion.pack_id == pack.id)
    row = PackVersion(
        pack_id=pack.id,
        district_code=pack.district_code,
        street_code=pack.street_code,
        number=(db.session.scalar(before) or 0) + 1,
        made_at=clock.now(),
        made_by_name=by.name,
    )
    _write(row, draft)
    db.session.add(row)
    db.session.flush()
    for example in of.examples if of else ():
        _copy_example(example, row)
    db.session.expire(pack, ["versions"])
    history.record(row, "add_pack_version", by=by, pack=pack.code, number=row.number)
    return row


def _copy_example(example: PackExample, version: PackVersion) -> None:
    db.session.add(
        PackExample(
            version_id=version.id,
            district_code=version.district_code,
            street_code=version.street_code,
            name=example.name,
            facts=example.facts,
            expected=example.expected,
            made_at=clock.now(),
        )
    )


def _write(row: PackVersion, draft: Draft) -> None:
    row.effective_from = draft.terms.effective_from or clock.today()
    row.terms, row.pack_terms = rules.kept(draft.terms), dict(draft.document)
    row.note = draft.note


def change(version: PackVersion, draft: Draft, *, by: Member, revision: int | None = None) -> None:
    """Change a draft. Raises FaultsError, FrozenError past the draft, ConflictError."""
    history.expect(version, revision)
    if version.status != PackStatus.DRAFT:
        raise FrozenError(
            _(
                "第 %(number)s 版已经提请启用，不能再改。请先退回起草，或者起草新的版本。",
                number=version.number,
            ),
            row=version,
        )
    _refuse_faults(draft)
    _write(version, draft)
    history.record(version, "change_pack_version", by=by, number=version.number)


def rename(pack: SchemePack, name: str, *, by: Member) -> None:
    """Give a pack another name; its code stays."""
    if pack.name != name:
        history.record(pack, "rename_pack", by=by, before=pack.name, after=name)
        pack.name = name


def propose(version: PackVersion, *, by: Member, revision: int | None = None) -> None:
    """Ask another person to activate a draft. Raises IllegalMoveError, ConflictError."""
    history.expect(version, revision)
    history.advance(version, PACK_FLOW, "propose_pack", by=by, number=version.number)
    version.proposed_at = clock.now()
    version.proposed_by_id, version.proposed_by_name = by.person_id, by.name


def send_back(
    version: PackVersion, reason: str, *, by: Member, revision: int | None = None
) -> None:
    """Send a proposed version back to be drafted again. Raises IllegalMoveError, ConflictError."""
    history.expect(version, revision)
    history.advance(version, PACK_FLOW, "return_pack", by=by, reason=reason)
    version.proposed_at = version.proposed_by_id = version.proposed_by_name = None


def withdraw(version: PackVersion, reason: str, *, by: Member, revision: int | None = None) -> None:
    """Take a version back: nobody adopts it any more, and the copies of it stay as they are."""
    history.expect(version, revision)
    history.advance(version, PACK_FLOW, "withdraw_pack", by=by, reason=reason)


def _refuse_faults(draft: Draft) -> None:
    found = [{"cell": field, "message": wording.fault(code)} for field, code in rules.faults(draft)]
    if found:
        raise FaultsError(_("补贴办法填写有误。"), found)
