"""Sealed texts: they open in their own place, under a key of the ring, and nowhere else."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from counselhub import create_app
from counselhub.core import data_keys, sealing
from counselhub.core.db import db
from counselhub.core.postgres import DatabaseUrls
from counselhub.core.sealing import (
    KeyRing,
    KeyRingError,
    Place,
    Resealing,
    UnsealError,
    key_of,
    parse,
)

# The same for every worker, which names its tests by them.
ONE, TWO = (f"{name}:{b64encode(name[:1].encode() * 32).decode()}" for name in ("one", "two"))
HERE = Place(UUID(int=1), "client", UUID(int=2), "name_sealed")


def ring(*keys: str) -> KeyRing:
    return parse(",".join(keys))


@given(st.text(max_size=200))
def test_what_is_sealed_opens(text: str) -> None:
    keys = ring(ONE)
    assert keys.unseal(keys.seal(text, HERE), HERE) == text


def test_one_text_is_sealed_otherwise_each_time() -> None:
    keys = ring(ONE)
    assert keys.seal("张三", HERE) != keys.seal("张三", HERE)


def test_nothing_of_the_text_or_the_key_shows() -> None:
    keys = ring(ONE)
    assert "13800000001" not in keys.seal("13800000001", HERE)
    assert ONE.partition(":")[2] not in repr(keys)


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param({"owner_id": UUID(int=9)}, id="another firm"),
        pytest.param({"table": "person"}, id="another table"),
        pytest.param({"row_id": UUID(int=9)}, id="another row"),
        pytest.param({"column": "phone_sealed"}, id="another column"),
    ],
)
def test_it_opens_nowhere_else(elsewhere: dict[str, object]) -> None:
    keys = ring(ONE)
    with pytest.raises(UnsealError):
        keys.unseal(keys.seal("张三", HERE), replace(HERE, **elsewhere))


def test_a_later_first_key_still_reads_what_the_former_sealed() -> None:
    sealed = ring(ONE).seal("张三", HERE)
    assert ring(TWO, ONE).unseal(sealed, HERE) == "张三"
    assert key_of(ring(TWO, ONE).seal("张三", HERE)) == "two"
    assert key_of(sealed) == "one"


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda sealed: sealed[:-4] + "AAAA", id="changed"),
        pytest.param(lambda sealed: sealed[:-8], id="cut"),
        pytest.param(lambda sealed: sealed.replace("v1", "v9"), id="another version"),
        pytest.param(lambda sealed: sealed.replace(".one.", ".two."), id="a key not there"),
        pytest.param(lambda sealed: "张三", id="never sealed"),
        pytest.param(lambda sealed: "", id="empty"),
        pytest.param(lambda sealed: "v1.one.", id="no body"),
        pytest.param(lambda sealed: "v1.one.\u00e9", id="no base64"),
    ],
)
def test_what_was_tampered_with_does_not_open(broken) -> None:
    keys = ring(ONE)
    with pytest.raises(UnsealError):
        keys.unseal(broken(keys.seal("张三", HERE)), HERE)


def test_a_key_of_the_same_id_but_not_the_same_does_not_open() -> None:
    with pytest.raises(UnsealError):
        ring(sealing.new_key("one")).unseal(ring(ONE).seal("张三", HERE), HERE)


def test_what_does_not_open_stays_and_its_key_is_told() -> None:
    done = Resealing(ring(TWO, ONE))
    fresh = done.again(ring(ONE).seal("张三", HERE), HERE) or ""
    assert key_of(fresh) == "two"
    assert done.ring.unseal(fresh, HERE) == "张三"
    assert done.again(fresh, HERE) is None, "it stands so already"
    assert done.again("v1.gone.x", HERE) is None
    assert (done.count, done.needed) == (1, {"gone"})


def test_digests_find_within_a_firm_and_under_every_key() -> None:
    firm, other = uuid4(), uuid4()
    kept = ring(ONE).digests("13800000001", firm)[0]
    assert kept in ring(TWO, ONE).digests("13800000001", firm)
    assert kept not in ring(ONE).digests("13800000002", firm)
    assert kept not in ring(ONE).digests("13800000001", other)
    assert key_of(kept) == "one"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Data key 1 is not written"),
        ("one", "Data key 1 is not written"),
        ("one:", "Data key 1 is not written"),
        (f"{ONE},two", "Data key 2 is not written"),
        ("o.ne:AAAA", "Data key 1 is not written"),
        ("one:AAAA", "not 32 bytes"),
        ("one:!!!", "not 32 bytes"),
        (f"{ONE} {ONE}", "given twice"),
    ],
)
def test_bad_keys_are_named_and_never_shown(text: str, said: str) -> None:
    with pytest.raises(KeyRingError, match=said) as refused:
        parse(text)
    assert ONE.partition(":")[2] not in str(refused.value)


def test_without_a_setting_a_key_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(data_keys.SETTING, raising=False)
    made = data_keys.from_environment(tmp_path)
    assert data_keys.from_environment(tmp_path).keys == made.keys
    assert (tmp_path / "keys" / "data_keys").stat().st_mode & 0o777 == 0o600


def test_the_setting_comes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(data_keys.SETTING, f"{TWO}\n{ONE}")
    assert list(data_keys.from_environment(tmp_path).keys) == ["two", "one"]


@pytest.fixture
def needed(app: Flask) -> str:
    """The key of the tests' application, which the database now says it needs."""
    with app.app_context():
        writing = data_keys.writing_ring().writing
        db.session.commit()
    return writing


def test_a_start_without_a_key_in_use_is_refused(
    urls: DatabaseUrls, needed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(data_keys.SETTING, ONE)
    with pytest.raises(KeyRingError, match=f"data key {needed}, which"):
        create_app(urls)


def test_a_start_with_another_key_of_that_id_is_refused(
    urls: DatabaseUrls, needed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(data_keys.SETTING, sealing.new_key(needed))
    with pytest.raises(KeyRingError, match="not the one that sealed"):
        create_app(urls)
    with pytest.raises(KeyRingError, match="not the one that sealed"):
        data_keys.refuse_missing_at(urls.app, data_keys.from_environment(Path()))


def test_a_key_that_nothing_needs_may_go_until_it_seals_again(app: Flask, needed: str) -> None:
    with app.app_context():
        data_keys.retire({needed})
        db.session.commit()
        data_keys.refuse_missing(db.engine, ring(ONE))
        data_keys.writing_ring()
        db.session.commit()
        with pytest.raises(KeyRingError, match=needed):
            data_keys.refuse_missing(db.engine, ring(ONE))
