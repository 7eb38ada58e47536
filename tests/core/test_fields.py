"""Fields of our own read what was sent, and forgive nothing that they should refuse."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
import wtforms
from flask import Flask, g
from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField
from wtforms.validators import Optional

from counselhub.core.errors import DomainError, TooManyError
from counselhub.core.fields import BoxesField, CodeField, DecimalField, TelField
from counselhub.core.forms import Form, shown_fields
from counselhub.core.tenancy import NoScopeError


class Choice(Form):
    """Some of two boxes, or none."""

    boxes = BoxesField("boxes", [Optional()], choices=["a", "b"])


def forms(of: type[Form] = Form) -> Iterator[type[Form]]:
    """Every form class of the product."""
    for one in of.__subclasses__():
        yield one
        yield from forms(one)


def test_no_form_fails_on_a_request_that_came_too_often(app: Flask) -> None:
    told = raised = 0
    for one in {one for one in forms() if one.__module__.startswith("counselhub.")}:
        with app.test_request_context(method="POST"):
            try:
                form = one()
            except (TypeError, AttributeError, LookupError, DomainError, NoScopeError):
                continue  # made by its page, with what it shows
            g.unheeded = TooManyError("请在 5 秒后重试")
            try:
                assert not form.validate()
                assert "请在 5 秒后重试" in shown_fields(form)[-1].errors
                told += 1
            except TooManyError:
                assert not shown_fields(form)
                raised += 1
    assert told > 50
    assert raised > 3


def test_several_choices_are_boxes_everywhere(app: Flask) -> None:
    """The plain field forgives an unknown choice behind a blank one."""
    plain = [
        (form.__qualname__, name)
        for form in forms()
        for name in dir(form)
        if getattr(getattr(form, name), "field_class", None) is SelectMultipleField
    ]
    assert plain == []


def test_decimal_numbers_are_read_in_any_width_everywhere(app: Flask) -> None:
    plain = [
        (form.__qualname__, name)
        for form in forms()
        for name in dir(form)
        if getattr(getattr(form, name), "field_class", None) is wtforms.DecimalField
    ]
    assert plain == []


class Typed(Form):
    """A code, a phone number and a decimal one."""

    code = CodeField("code")
    phone = TelField("phone")
    hours = DecimalField("hours")


def test_what_was_typed_in_full_width_is_read(app: Flask) -> None:
    sent = {"code": "　ＨＤ２０２６－１ ", "phone": "１３８００００００００", "hours": "２．５"}
    with app.test_request_context(method="POST", data=sent):
        form = Typed()
        assert form.validate()
    assert form.data == {"code": "HD2026-1", "phone": "13800000000", "hours": Decimal("2.5")}


def test_a_number_that_is_none_is_told_in_any_width(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"hours": "两．五"}):
        assert not Typed().validate()


@pytest.mark.parametrize(
    ("sent", "data", "is_valid"),
    [
        pytest.param([], [], True, id="none"),
        pytest.param([""], [], True, id="a blank is none"),
        pytest.param(["a", "b"], ["a", "b"], True, id="both"),
        pytest.param(["c"], ["c"], False, id="an unknown one"),
        pytest.param(["", "c"], ["c"], False, id="an unknown one behind a blank"),
    ],
)
def test_boxes(app: Flask, sent: list[str], data: list[str], is_valid: bool) -> None:
    with app.test_request_context(method="POST"):
        form = Choice(MultiDict([("boxes", value) for value in sent]))
        assert (form.validate(), form.boxes.data) == (is_valid, data)
