"""Behind a wall nobody gets a file in which a colleague's sight is bound."""

from collections.abc import Callable
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.permissions import Role
from counselhub.core.tenancy import as_platform, as_scope
from counselhub.matters import actions, deciding
from counselhub.matters.deciding import Whom
from counselhub.matters.kinds import WallReason
from counselhub.matters.models import Matter, MatterService, MatterWall
from counselhub.people.models import Person
from counselhub.services.models import ServiceRecord
from tests import counting, factories
from tests.factories import Tenant
from tests.matters.conftest import SIDES, entry
from tests.yearfiles.conftest import SECRET, SHEET, Works
from tests.yearfiles.made import VOLUME, made_by, words_of

WHY = "因有事项设了隔离，这份文件不提供给您"
Raise = Callable[[UUID], None]


@pytest.fixture
def matter_id(app: Flask, furnished: Tenant) -> UUID:
    """The lecture of the year belongs to a matter."""
    with app.test_request_context(), as_scope(furnished.scope):
        matter, _answer = actions.open_matter(entry(furnished), SIDES, by=furnished.member())
        lecture = db.session.scalars(select(ServiceRecord)).one()
        db.session.add(MatterService(matter_id=matter.id, service_id=lecture.id))
        db.session.commit()
        return matter.id


@pytest.fixture
def wall_off(app: Flask, furnished: Tenant, matter_id: UUID) -> Raise:
    """Wall a person off from the matter."""

    def raised(person_id: UUID) -> None:
        with app.test_request_context(), as_scope(furnished.scope):
            matter = db.session.get_one(Matter, (furnished.firm_id, matter_id))
            whom = Whom("某人", person_id=person_id)
            deciding.wall_off(matter, whom, WallReason.RELATIVE, "近亲属", by=furnished.member())
            db.session.commit()

    return raised


def entered(app: Flask, tenant: Tenant, role: Role) -> tuple[FlaskClient, UUID]:
    """A browser of a new person, and who it is."""
    email = factories.account(app, tenant.scope, role)
    with app.app_context(), as_platform():
        person_id = db.session.scalars(select(Person.id).where(Person.email == email)).one()
    return factories.entered(app, person_id), person_id


def place(tenant: Tenant) -> str:
    """The page of the furnished year."""
    return f"/year-files/{tenant.town.communities[0]}/2026"


def address(client: FlaskClient, tenant: Tenant) -> str:
    """Of the newest volume that a page offers."""
    found = VOLUME.search(client.get(place(tenant)).text)
    assert found is not None
    return found[1]


def both(volume: str) -> tuple[str, str]:
    return volume, volume.replace("volume.pdf", "originals.zip")


def is_secret_in(volume: bytes, archive: ZipFile) -> tuple[bool, bool]:
    """Whether the words, and the file, of the lecture are there."""
    files = [archive.read(name) for name in archive.namelist()]
    return SECRET in "".join(words_of(volume)), SHEET in files


def test_a_colleagues_file_is_kept_from_who_is_walled_off(
    app: Flask, furnished: Tenant, works: Works, wall_off: Raise
) -> None:
    manager, _manager_id = entered(app, furnished, Role.MANAGER)
    clerk, clerk_id = entered(app, furnished, Role.CLERK)
    assert is_secret_in(*made_by(manager, furnished, works)) == (True, True)
    made = address(manager, furnished)
    with clerk.get(made) as answer:
        assert answer.status_code == 200, "without a wall one makes it for all"
    wall_off(clerk_id)
    for one in both(made):
        refused = clerk.get(one)
        assert refused.status_code == 403
        assert WHY in refused.text
    assert WHY in clerk.get(place(furnished)).text
    assert made not in clerk.get(place(furnished)).text
    assert "同事制作的，不提供给您" in clerk.get("/year-files?year=2026").text
    with manager.get(made) as answer:
        assert answer.status_code == 200
    assert is_secret_in(*made_by(clerk, furnished, works)) == (False, False)
    own = address(clerk, furnished)
    assert own != made
    refused = manager.get(own)
    assert (refused.status_code, WHY in refused.text) == (403, True), "it lacks what he may see"


def test_his_own_from_before_the_wall_is_kept_too(
    app: Flask, furnished: Tenant, works: Works, wall_off: Raise
) -> None:
    manager, manager_id = entered(app, furnished, Role.MANAGER)
    assert is_secret_in(*made_by(manager, furnished, works)) == (True, True)
    made = address(manager, furnished)
    wall_off(manager_id)
    assert manager.get(made).status_code == 403
    assert "隔离之前制作的，不再提供" in manager.get("/year-files?year=2026").text
    assert is_secret_in(*made_by(manager, furnished, works)) == (False, False)


def test_a_wall_that_is_lifted_keeps_nothing(
    app: Flask, furnished: Tenant, works: Works, wall_off: Raise, matter_id: UUID
) -> None:
    manager, _manager_id = entered(app, furnished, Role.MANAGER)
    clerk, clerk_id = entered(app, furnished, Role.CLERK)
    wall_off(clerk_id)
    made_by(manager, furnished, works)
    made = address(manager, furnished)
    assert clerk.get(made).status_code == 403
    with app.test_request_context(), as_scope(furnished.scope):
        wall = db.session.scalars(select(MatterWall)).one()
        matter = db.session.get_one(Matter, (furnished.firm_id, matter_id))
        deciding.lift(wall, matter, "已无关系", by=furnished.member())
        db.session.commit()
    with clerk.get(made) as answer:
        assert answer.status_code == 200


def test_a_lawyers_wall_counts_for_the_person(
    app: Flask, furnished: Tenant, works: Works, matter_id: UUID
) -> None:
    """A manager who is also a lawyer is walled off as the lawyer."""
    manager, _manager_id = entered(app, furnished, Role.MANAGER)
    lawyer = factories.signed_in(app, furnished.scope, Role.MANAGER, adviser_id=furnished.backup_id)
    made_by(manager, furnished, works)
    made = address(manager, furnished)
    with app.test_request_context(), as_scope(furnished.scope):
        matter = db.session.get_one(Matter, (furnished.firm_id, matter_id))
        whom = Whom("李四光", adviser_id=furnished.backup_id)
        deciding.wall_off(matter, whom, WallReason.CONFLICT, "回避", by=furnished.member())
        db.session.commit()
    assert lawyer.get(made).status_code == 403
    volume, archive = made_by(lawyer, furnished, works)
    assert is_secret_in(volume, archive) == (False, False)


def test_the_offices_file_knows_no_wall(
    app: Flask, furnished: Tenant, works: Works, wall_off: Raise, as_checker: FlaskClient
) -> None:
    _clerk, clerk_id = entered(app, furnished, Role.CLERK)
    wall_off(clerk_id)
    made_by(as_checker, furnished, works)
    colleague = factories.signed_in(app, furnished.town.scope, Role.CHECKER)
    with colleague.get(address(as_checker, furnished)) as answer:
        assert answer.data.startswith(b"%PDF")


def test_pages_ask_few_questions(
    app: Flask, furnished: Tenant, works: Works, wall_off: Raise
) -> None:
    manager, _manager_id = entered(app, furnished, Role.MANAGER)
    clerk, clerk_id = entered(app, furnished, Role.CLERK)
    made_by(manager, furnished, works)
    wall_off(clerk_id)
    for page in ("/year-files?year=2026", place(furnished)):
        clerk.get(page)
        with counting.statements() as sent:
            assert clerk.get(page).status_code == 200
        assert len(sent) <= 8, sent
