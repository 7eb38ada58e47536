"""Nothing in the record is shown as a code: every act, thing and column has its words."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, session

from counselhub.audit.breaks import BREAKS
from counselhub.audit.columns import COLUMNS
from counselhub.audit.details import DETAILS
from counselhub.audit.rules import Break
from counselhub.audit.telling import UNTOLD
from counselhub.audit.thing import Thing
from counselhub.audit.things import THINGS
from counselhub.audit.values import value_word
from counselhub.audit.wording import ACTS, SUBJECTS, act_word
from counselhub.core.changes import NEVER, SECRET
from counselhub.core.columns import labels_of
from counselhub.core.db import Base
from counselhub.core.history import Event
from counselhub.core.row_security import DataClass
from tests.audit.acts import details, recorded


def test_the_source_is_read() -> None:
    assert {"sign_in", "submit", "assign", "export_audit"} <= recorded()
    assert len(recorded()) > 40


def test_every_recorded_act_has_a_word() -> None:
    worded = {act for words in ACTS.values() for act in words}
    assert recorded() - worded == set()


def test_every_thing_and_break_has_a_word() -> None:
    assert set(THINGS) - set(SUBJECTS) == set()
    assert set(ACTS) == set(SUBJECTS)
    assert set(BREAKS) == set(Break)


SHARED: list[Any] = [
    mapper.class_
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__)
    if mapper.class_.data_class is DataClass.FIRM_SHARED and mapper.class_.__tablename__ in THINGS
]


@pytest.mark.parametrize("model", SHARED, ids=[model.__tablename__ for model in SHARED])
def test_every_column_that_an_act_may_tell_has_a_word(model: Any) -> None:
    told = {
        column.key
        for column in model.__mapper__.column_attrs
        if column.key not in NEVER and not any(part in column.key for part in SECRET)
    }
    assert told - set(COLUMNS) == set()


@pytest.mark.parametrize(
    ("subject", "name", "value", "told"),
    [
        pytest.param("statement", "total_fen", 166667, "1,666.67", id="an amount"),
        pytest.param("contract", "status", "active", "履行中", id="a state"),
        pytest.param("duty_session", "community_confirmed", True, "是", id="yes"),
        pytest.param("contract", "ends_on", None, "—", id="nothing"),
        pytest.param(
            "duty_session",
            "signed_in_at",
            "2026-10-08T01:00:00+00:00",
            "2026-10-08 09:00",
            id="an instant in Shanghai",
        ),
        pytest.param("contract", "community_code", "440104001001", "甲社区", id="a place"),
        pytest.param("client", "reason", "withdrawn", "本人撤回同意", id="why it was erased"),
        pytest.param("client", "fields", ["name", "phone"], "姓名、电话", id="what was corrected"),
        pytest.param("account", "duty", "audit", "审计管理员", id="an administrator's duty"),
        pytest.param("account", "method", "totp", "动态验证码", id="a second step"),
        pytest.param("contract", "status", "nonsense", "nonsense", id="a code of nobody"),
    ],
)
def test_values_are_told_as_a_reader_knows_them(
    context: None, subject: str, name: str, value: Any, told: str
) -> None:
    assert value_word(subject, name, value, {"440104001001": "甲社区"}) == told


@pytest.mark.parametrize("title", ["asked_at", "starts_at", "read_at"])
def test_a_thing_is_called_by_its_instant_in_shanghai(title: str) -> None:
    row = SimpleNamespace(**{title: datetime(2026, 11, 23, 2, 55, 29, 631563, tzinfo=UTC)})
    assert Thing(SimpleNamespace, (), title).called(row) == "2026-11-23 10:55"


def test_every_code_of_a_column_that_an_act_may_tell_has_its_word(context: None) -> None:
    codes = labels_of(Base)
    told = {
        (table, column, code.value): value_word(table, column, code.value, {})
        for (table, column), labels in codes.items()
        if table in THINGS
        for code in labels
    }
    assert len(told) > 200
    assert {key for key, word in told.items() if word == key[-1] and word.isascii()} == set()


def test_every_detail_that_an_act_tells_has_a_word() -> None:
    assert details() - UNTOLD - set(COLUMNS) - set(DETAILS) == set()


def test_an_act_of_nobody_shows_its_code(context: None) -> None:
    assert act_word("statement", "unheard_of") == "unheard_of"


def test_what_acts_by_itself_is_told_in_the_readers_language(app: Flask) -> None:
    acts = [Event(actor_name=name) for name in ("系统", "到期自动处理", "命令行", "系统工程师")]
    with app.test_request_context():
        session["locale"] = "en"
        told = [act.who for act in acts]
    assert told[-1] == "系统工程师"
    assert all(name.isascii() for name in told[:-1])
    with app.test_request_context():
        assert [act.who for act in acts] == [act.actor_name for act in acts]
