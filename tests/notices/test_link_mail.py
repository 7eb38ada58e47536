"""Links by e-mail: to whom, what they open, and what the operator sees of them."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from counselhub.core import clock, sender
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.core.sender import Link, Purpose, WaitingLink
from counselhub.core.tenancy import PLATFORM, as_platform
from counselhub.invitations.models import Invitation
from counselhub.notices.channels import deliver
from counselhub.notices.kinds import DeliveryState
from counselhub.notices.links import states_of
from counselhub.notices.models import Delivery
from counselhub.people import credentials
from counselhub.people.queries import person_by_email
from tests import factories
from tests.factories import PASSWORD, Tenant
from tests.notices.server import Post

CHOSEN = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask) -> None:
    """What other tests let wait is not sent here."""
    with app.app_context(), as_platform():
        db.session.execute(delete(Delivery).where(Delivery.channel == "link"))
        db.session.commit()


def send(app: Flask) -> int:
    with app.app_context():
        return deliver("link")


def invite(app: Flask, tenant: Tenant, *, count: int = 1) -> list[str]:
    """Let the manager invite so many; return their addresses."""
    emails = [f"guest-{factories.number()}@firm.example" for _one in range(count)]
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)
    guests = "\n".join(f"王五 {email}" for email in emails)
    page = client.post("/invitations", data={"guests": guests, "role": "clerk"})
    assert page.status_code == 200
    assert ("链接已发往各自的邮箱" in page.text) is bool(app.config["SMTP_URL"])
    return emails


def test_each_colleague_gets_the_own_link_once(app: Flask, post: Post, tenant: Tenant) -> None:
    emails = invite(app, tenant, count=2)
    assert (send(app), send(app)) == (2, 0)
    assert sorted(letter["To"] for letter in post.letters) == sorted(emails)
    opened = []
    for letter in post.letters:
        assert letter["Subject"].endswith("邀请您使用 CounselHub")
        text = letter.get_body(("plain",))
        assert text is not None
        opened += re.findall(r"/invitation/[\w-]+", text.get_content())
    assert len(set(opened)) == 2
    for link in opened:
        assert app.test_client().post(link, data=CHOSEN).status_code == 303


def invitation_to(app: Flask, email: str) -> str:
    with app.app_context(), as_platform():
        return str(db.session.scalars(select(Invitation.id).where(Invitation.email == email)).one())


def test_no_letter_leaves_for_an_invitation_that_was_withdrawn(
    app: Flask, post: Post, tenant: Tenant
) -> None:
    gone, kept = invite(app, tenant, count=2)
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)
    withdrawn = client.post(f"/invitations/{invitation_to(app, gone)}/withdrawal")
    assert withdrawn.status_code == 303
    send(app)
    assert [letter["To"] for letter in post.letters] == [kept]


def test_of_an_invitation_sent_again_only_the_new_letter_leaves(
    app: Flask, post: Post, tenant: Tenant
) -> None:
    (email,) = invite(app, tenant)
    client = factories.signed_in(app, tenant.scope, Role.MANAGER)
    assert client.post(f"/invitations/{invitation_to(app, email)}/resending").status_code == 200
    send(app)
    (letter,) = post.letters
    text = letter.get_body(("plain",))
    assert text is not None
    link = re.search(r"/invitation/[\w-]+", text.get_content())
    assert link is not None
    assert app.test_client().post(link[0], data=CHOSEN).status_code == 303


def test_a_sign_up_link_that_was_used_waits_no_more(app: Flask, tenant: Tenant) -> None:
    email = factories.account(app, tenant.scope, Role.MANAGER)
    with app.test_request_context():
        person = person_by_email(email)
        assert person is not None
        token = credentials.make_link(person)
        about = f"测试{factories.number()}所"
        links = {person.id: Link(person.email, "https://x.example/t")}
        until = clock.now() + timedelta(days=7)
        sender.send_links(links, Purpose.SIGN_UP, about=about, until=until)
        db.session.commit()
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    assert about in operator.get("/console/links").text
    with app.test_request_context():
        credentials.use_link(token, "Hui-shan-2049-x")
        db.session.commit()
    assert about not in operator.get("/console/links").text


def test_a_link_into_a_firm_is_never_the_operators_to_see(
    app: Flask, post: Post, tenant: Tenant
) -> None:
    """Whoever opens it is in the firm, and reads its cases."""
    (email,) = invite(app, tenant)
    with app.app_context(), as_platform():
        newest = select(WaitingLink).order_by(WaitingLink.made_at.desc()).limit(1)
        row = db.session.scalars(newest).one()
        assert (row.purpose, sender.opened(row).email) == (Purpose.COLLEAGUE, email)
    operator = factories.signed_in(app, PLATFORM, Role.OPERATOR)
    assert str(row.id) not in operator.get("/console/links").text
    assert operator.post(f"/console/links/{row.id}/showing").status_code == 404
    assert post.letters == []


def test_without_a_server_a_colleagues_link_goes_nowhere(app: Flask, tenant: Tenant) -> None:
    invite(app, tenant)
    with app.app_context(), as_platform():
        assert db.session.scalars(select(Delivery).where(Delivery.channel == "link")).all() == []


def test_an_invitation_that_the_operator_confirmed_goes_by_mail(app: Flask, post: Post) -> None:
    about = f"测试{factories.number()}所"
    with app.test_request_context():
        sender.send_links(
            {uuid7(): Link("guest@firm.example", "https://x.example/t")},
            Purpose.INVITATION,
            about=about,
            until=clock.now() + timedelta(days=7),
        )
        db.session.commit()
    assert (send(app), send(app)) == (1, 0)
    with app.app_context(), as_platform():
        row = db.session.scalars(select(WaitingLink).where(WaitingLink.about == about)).one()
        assert states_of([row.id]) == {row.id: DeliveryState.SENT}
    (letter,) = post.letters
    text = letter.get_body(("plain",))
    assert text is not None
    assert (letter["To"], letter["Subject"]) == (
        "guest@firm.example",
        f"{about}邀请您使用 CounselHub",
    )
    assert "https://x.example/t" in text.get_content()


def test_the_page_after_signing_up_says_how_the_link_comes(app: Flask, post: Post) -> None:
    page = app.test_client().get("/join/received").text
    assert "邮件一般几分钟内送到" in page
    assert "人工转交" not in page


def test_the_page_after_signing_up_without_a_server(app: Flask) -> None:
    assert "人工转交" in app.test_client().get("/join/received").text
