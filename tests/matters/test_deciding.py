"""What the manager decides, what it changes, and what is refused."""

from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select, text

from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError, ForbiddenError, IllegalMoveError, RefusedError
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_scope
from counselhub.matters import actions, deciding, expiring, papers, queries
from counselhub.matters.deciding import Waiver
from counselhub.matters.kinds import DeclineReason, MatterStatus, PartyRole
from counselhub.matters.models import MatterConflict, MatterPaper, MatterWall
from tests.factories import Tenant
from tests.matters.conftest import CLIENT, NOON, OPPONENT, MakeMatter, party, stored

pytestmark = pytest.mark.usefixtures("noon", "context")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DAY = date(2026, 10, 7)
M = MatterStatus


def picture(kind: str) -> bytes:
    target = BytesIO()
    Image.new("RGB", (8, 8)).save(target, kind)
    return target.getvalue()


def waiver(paper: bytes = PDF, *, own_on: date = DAY, other_on: date = DAY) -> Waiver:
    return Waiver(own_on, other_on, papers.judged(paper))


@pytest.fixture
def adverse(make_matter: MakeMatter, tenant: Tenant) -> tuple[UUID, UUID]:
    """Two matters, the second of which is frozen: its client is the first one's opponent."""
    first = make_matter()
    second = make_matter(party(PartyRole.CLIENT, OPPONENT), adviser_id=tenant.backup_id)
    return first, second


def the_conflict() -> MatterConflict:
    return db.session.scalars(select(MatterConflict)).one()


def test_ruling_out_lets_it_go_on(tenant: Tenant, adverse: tuple[UUID, UUID]) -> None:
    with as_scope(tenant.scope):
        conflict, matter = the_conflict(), stored(tenant, adverse[1])
        with pytest.raises(RefusedError, match="理由"):
            deciding.clear(conflict, "", revision=1, by=tenant.member())
        with pytest.raises(ConflictError, match="别人已经改动"):
            deciding.clear(conflict, "身份证号不同", revision=7, by=tenant.member())
        deciding.clear(conflict, "身份证号不同", revision=1, by=tenant.member())
        assert (conflict.status, conflict.words) == ("cleared", "身份证号不同")
        assert matter.status == M.OPEN
        db.session.flush()
        assert [act.act for act in history.of(conflict)] == ["find_conflict", "clear"]
        with pytest.raises(IllegalMoveError, match="已经处理过"):
            deciding.clear(conflict, "再来一次", revision=None, by=tenant.member())


def test_it_stays_frozen_until_the_last_is_decided(tenant: Tenant, make_matter: MakeMatter) -> None:
    make_matter()
    ours = party(PartyRole.CLIENT, OPPONENT)
    matter_id = make_matter(ours, party(PartyRole.OPPONENT, "甲社区居委会", org=True))
    with as_scope(tenant.scope):
        first, second = db.session.scalars(select(MatterConflict)).all()
        for conflict, status in ((first, M.FROZEN), (second, M.OPEN)):
            deciding.clear(conflict, "核对过了", revision=None, by=tenant.member())
            assert stored(tenant, matter_id).status == status


def test_walls_part_both_sides(tenant: Tenant, adverse: tuple[UUID, UUID]) -> None:
    with as_scope(tenant.scope):
        deciding.wall(the_conflict(), "双方各自办理", revision=None, by=tenant.member())
        found = {(row.matter_id, row.adviser_id) for row in db.session.scalars(select(MatterWall))}
        assert found == {(adverse[1], tenant.adviser_id), (adverse[0], tenant.backup_id)}
        assert stored(tenant, adverse[1]).status == M.OPEN


def test_who_is_on_both_sides_leaves_the_later_one(tenant: Tenant, make_matter: MakeMatter) -> None:
    make_matter()
    both = frozenset({tenant.adviser_id})
    opponent = party(PartyRole.CLIENT, OPPONENT)
    second = make_matter(opponent, adviser_id=tenant.backup_id, members=both)
    third = make_matter(opponent, adviser_id=tenant.adviser_id, title="主办也在另一边")
    with as_scope(tenant.scope):
        conflicts = {row.matter_id: row for row in db.session.scalars(select(MatterConflict))}
        assert conflicts[second].concerned == [str(tenant.adviser_id)]
        deciding.wall(conflicts[second], "退出后来的", revision=None, by=tenant.member())
        assert queries.team_of(stored(tenant, second)) == []
        with pytest.raises(RefusedError, match="张三丰是SX2026-0003的主办律师"):
            deciding.wall(conflicts[third], "退出后来的", revision=None, by=tenant.member())


def test_a_manager_who_is_concerned_does_not_decide(
    tenant: Tenant, make_matter: MakeMatter
) -> None:
    make_matter(party(PartyRole.CLIENT, "张三丰"))
    with as_scope(tenant.scope):
        conflict = the_conflict()
        himself = tenant.member(Role.MANAGER, adviser_id=tenant.adviser_id)
        with pytest.raises(ForbiddenError, match="涉及您本人"):
            deciding.clear(conflict, "没有关系", revision=None, by=himself)
        with pytest.raises(RefusedError, match="不能这样处理"):
            deciding.waive(conflict, waiver(), "", revision=None, by=tenant.member())


def test_a_waiver_keeps_the_paper_as_it_came(tenant: Tenant, adverse: tuple[UUID, UUID]) -> None:
    with as_scope(tenant.scope):
        conflict = the_conflict()
        late = waiver(other_on=date(2026, 10, 9))
        with pytest.raises(RefusedError, match="晚于今天"):
            deciding.waive(conflict, late, "", revision=None, by=tenant.member())
        deciding.waive(conflict, waiver(), "双方知情", revision=None, by=tenant.member())
        db.session.flush()
        paper = db.session.scalars(select(MatterPaper)).one()
        assert (paper.ending, paper.content, paper.bytes_count) == ("pdf", PDF, len(PDF))
        assert (conflict.own_consent_on, conflict.status) == (DAY, "waived")
        assert stored(tenant, adverse[1]).status == M.OPEN


def test_one_dispute_is_never_waived(tenant: Tenant, make_matter: MakeMatter) -> None:
    make_matter()
    make_matter(party(PartyRole.CLIENT, OPPONENT), party(PartyRole.OPPONENT, CLIENT))
    with as_scope(tenant.scope):
        for act in (
            lambda row: deciding.waive(row, waiver(), "", revision=None, by=tenant.member()),
            lambda row: deciding.wall(row, "各办各的", revision=None, by=tenant.member()),
        ):
            with pytest.raises(RefusedError, match="“同一纠纷的双方”不能这样处理"):
                act(the_conflict())


def test_declining_ends_the_conflicts_on_both_sides(
    tenant: Tenant, adverse: tuple[UUID, UUID]
) -> None:
    with as_scope(tenant.scope):
        first = stored(tenant, adverse[0])
        with pytest.raises(RefusedError, match="其他原因"):
            actions.decline(first, DeclineReason.OTHER, "", "", revision=None, by=tenant.member())
        actions.decline(first, DeclineReason.WITHDRAWN, "", "", revision=None, by=tenant.member())
        assert the_conflict().status == "declined"
        assert stored(tenant, adverse[1]).status == M.OPEN, "what froze it is gone"
        for act in (
            lambda row: actions.close(row, "办完了", revision=None, by=tenant.member()),
            lambda row: actions.add_party(
                row, party(PartyRole.THIRD, "某甲"), revision=None, by=tenant.member()
            ),
        ):
            with pytest.raises(IllegalMoveError):
                act(first)


def test_retention_wipes_the_parties(tenant: Tenant, make_matter: MakeMatter) -> None:
    """What ended long ago tells nobody any more; number, kind and days stay."""
    matter_id = make_matter()
    with as_scope(tenant.scope):
        matter = stored(tenant, matter_id)
        actions.close(matter, "调解成功", revision=None, by=tenant.member())
        db.session.flush()
        assert db.session.scalars(expiring.due(NOON.date())).all() == []
        later = date(2036, 10, 9)
        assert db.session.scalars(expiring.due(later)).all() == [matter_id]
        assert expiring.wipe([matter_id], later, by=tenant.member(), days=3650) == 1
        db.session.flush()
        db.session.expire_all()
        kept = stored(tenant, matter_id)
        assert (kept.number, kept.wiped_at is not None) == ("SX2026-0001", True)
        for row in queries.parties_of(kept):
            assert (row.name_sealed, row.near) == (None, None)
        assert db.session.scalar(text("select count(*) from party_key")) == 0
        assert db.session.scalar(text("select max(cardinality(digests)) from conflict_check")) == 0


@pytest.mark.parametrize(
    ("sent", "ending"),
    [
        pytest.param(PDF, "pdf", id="pdf"),
        pytest.param(picture("JPEG"), "jpg", id="jpeg"),
        pytest.param(picture("PNG"), "png", id="png"),
    ],
)
def test_papers_that_are_taken(sent: bytes, ending: str) -> None:
    paper = papers.judged(sent)
    assert (paper.ending, paper.content) == (ending, sent)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        pytest.param(b"", "请上传", id="nothing"),
        pytest.param(b"%PDF-1.7 cut off", "不完整", id="half a PDF"),
        pytest.param(PDF.replace(b"<<>>", b"<</JavaScript 1>>", 1), "脚本", id="a script"),
        pytest.param(picture("JPEG")[:80], "损坏", id="half a picture"),
        pytest.param(picture("GIF"), "不是 PDF", id="a GIF"),
        pytest.param(b"<html>", "不是 PDF", id="a page"),
        pytest.param(PDF + b"x" * (10 * 2**20), "超过 10 MB", id="too large"),
    ],
)
def test_papers_that_are_not(sent: bytes, said: str) -> None:
    with pytest.raises(papers.PaperError, match=said):
        papers.judged(sent)
