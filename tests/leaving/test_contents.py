"""Every table of a firm goes, stays or goes in part, and says so."""

from counselhub.audit.tables import TABLES
from counselhub.core.db import Base
from counselhub.core.row_security import DataClass
from counselhub.leaving import contents
from counselhub.tenants.contents import classes

SHARED = {name for name, kind in classes().items() if kind is DataClass.FIRM_SHARED}
PLATFORMS = {name for name, kind in classes().items() if kind is DataClass.PLATFORM}


def test_every_shared_table_is_in_one_list() -> None:
    lists = (
        set(contents.UNSHARED),
        set(contents.PARTS),
        set(contents.LEANED_ON),
        set(contents.UNPLACED),
        set(contents.WHOLE),
        set(contents.BY_THE_RECORD),
    )
    assert set().union(*lists) == SHARED
    assert sum(map(len, lists)) == len(SHARED)


def test_every_private_table_goes_whole() -> None:
    private = {name for name, kind in classes().items() if kind is DataClass.FIRM_PRIVATE}
    gone = {step.name: step.which for step in contents.steps() if step.is_of_firm}
    assert {name: gone[name] for name in private} == dict.fromkeys(private, contents.OF_FIRM)


def test_every_table_of_the_platform_that_names_a_firm_or_a_person_is_decided() -> None:
    tables = Base.metadata.tables
    naming = {
        name
        for name in PLATFORMS
        if {"firm_id", "person_id"} & set(tables[name].c.keys())
        or {"kind", "key"} <= set(tables[name].c.keys())
        or {"place_kind", "place_key"} <= set(tables[name].c.keys())
        or {"firm", "api_token", "membership"}
        & {key.referred_table.name for key in tables[name].foreign_key_constraints}
    }
    named = set(contents.GOES) | set(contents.STAYS) | set(contents.OF_A_PERSON)
    without_a_column = {"firm", "event_link"}
    assert naming == named - without_a_column
    assert not set(contents.GOES) & set(contents.STAYS)


def test_rows_go_before_what_they_name() -> None:
    """Whatever names a row of a table that goes is dealt with before it."""
    order = [step.name for step in contents.steps()]
    for name in order:
        for key in Base.metadata.tables[name].foreign_key_constraints:
            whole = key.referred_table.name
            if whole in order and whole != name:
                assert order.index(name) < order.index(whole), (name, whole)


def test_what_stays_names_nothing_that_goes_whole() -> None:
    whole = {step.name for step in contents.steps() if step.which == contents.OF_FIRM}
    for name in SHARED - whole:
        for key in Base.metadata.tables[name].foreign_key_constraints:
            if key.referred_table.name in whole:
                columns = [column for column in key.columns if column.name != "firm_id"]
                assert all(column.nullable for column in columns), name


def test_the_certificate_has_a_word_for_every_table() -> None:
    for step in contents.steps():
        assert contents.word_of(step.name)
    assert set(contents.kept_tables()) <= set(TABLES)
