"""Which order an address asks for."""

import pytest
from flask import Flask
from sqlalchemy import column, select

from counselhub.core.sorting import asked_sort, ordered

SORTS = {"day": (column("day"), column("id")), "name": (column("name"),)}


@pytest.mark.parametrize(
    ("address", "sort"),
    [
        pytest.param("/", "-day", id="the newest first"),
        pytest.param("/?sort=day", "-day", id="the list's own order by name"),
        pytest.param("/?sort=day&direction=asc", "day", id="the oldest first"),
        pytest.param("/?sort=name", "name", id="others upwards"),
        pytest.param("/?sort=name&direction=desc", "-name", id="others downwards"),
        pytest.param("/?sort=price", "-day", id="nonsense is the list's own order"),
        pytest.param("/?direction=up", "day", id="no such direction is upwards"),
    ],
)
def test_an_address_asks_for_an_order(address: str, sort: str) -> None:
    with Flask("sorting").test_request_context(address):
        assert asked_sort(SORTS) == sort


@pytest.mark.parametrize(
    ("sort", "words"), [("-day", "day DESC, id DESC"), ("day", "day, id"), ("name", "name")]
)
def test_a_query_is_put_in_order(sort: str, words: str) -> None:
    assert str(ordered(select(column("x")), SORTS, sort)).endswith(f"ORDER BY {words}")
