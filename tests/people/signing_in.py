"""Signing in by password, and what became of the sessions."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from counselhub.core.db import db
from counselhub.core.tenancy import as_platform
from counselhub.people.models import Person, SignInSession
from tests.factories import PASSWORD

NEW = "Xishan-2468"


def enter(app: Flask, email: str, password: str = PASSWORD, agent: str = "") -> FlaskClient:
    client = app.test_client()
    answer = client.post(
        "/sign-in", data={"email": email, "password": password}, headers={"User-Agent": agent}
    )
    assert answer.status_code == 303, answer.text
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return found.value


def sessions(app: Flask, email: str) -> list[SignInSession]:
    query = (
        select(SignInSession)
        .join(Person, Person.id == SignInSession.person_id)
        .where(Person.email == email)
        .order_by(SignInSession.created_at)
    )
    with app.app_context(), as_platform():
        return list(db.session.scalars(query))


def change(client: FlaskClient, current: str, password: str) -> tuple[int, str]:
    answer = client.post(
        "/account/password", data={"current": current, "password": password, "again": password}
    )
    return answer.status_code, answer.text
