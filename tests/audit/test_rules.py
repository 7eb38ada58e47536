"""The walk along a chain: the first break is named, a pruned act is taken at its link's word."""

import hashlib
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.audit.rules import Break, Head, Link, genesis, walk

CHAIN = "firm:x"
DAY = date(2026, 10, 8)


def chain(*words: bytes) -> list[Link]:
    """A whole chain over these acts."""
    last, links = genesis(CHAIN), []
    for seq, word in enumerate(words, 1):
        last = hashlib.sha256(last + word).digest()
        links.append(Link(seq, "event", UUID(int=seq), last, word))
    return links


def head(link: Link) -> Head:
    return Head(DAY, link.seq, link.digest)


WHOLE = chain(b"a", b"b", b"c", b"d")
A, B, C, D = WHOLE


@pytest.mark.parametrize(
    ("links", "heads", "broken"),
    [
        pytest.param([], [], None, id="an empty chain is whole"),
        pytest.param(WHOLE, [head(B), head(D)], None, id="a whole chain with two heads"),
        pytest.param([A, C, D], [], (Break.GAP, 2), id="a link is gone"),
        pytest.param([B, C, D], [], (Break.GAP, 1), id="the beginning is gone"),
        pytest.param([A, replace(B, words=None), C], [], (Break.MISSING, 2), id="an act is gone"),
        pytest.param(
            [A, replace(B, words=None, is_pruned=True), C], [], None, id="a pruned act may be gone"
        ),
        pytest.param([A, replace(B, words=b"x"), C], [], (Break.CHANGED, 2), id="other words"),
        pytest.param(
            [A, replace(B, words=C.words), replace(C, words=B.words)],
            [],
            (Break.CHANGED, 2),
            id="swapped acts",
        ),
        pytest.param([A, B], [head(D)], (Break.CUT, 4), id="the tail is cut"),
        pytest.param(
            [A, B, C], [Head(DAY, 3, D.digest)], (Break.HEAD, 3), id="another head was kept"
        ),
        pytest.param(
            [A, replace(B, words=b"x"), D], [], (Break.CHANGED, 2), id="the first of two breaks"
        ),
    ],
)
def test_walk(links: list[Link], heads: list[Head], broken: tuple[Break, int] | None) -> None:
    found = walk(CHAIN, links, heads).broken
    assert (found and (found.kind, found.seq)) == broken


def test_a_walk_says_from_where_on_it_proves() -> None:
    gone = [replace(link, words=None, is_pruned=True) for link in (A, B)]
    found = walk(CHAIN, [*gone, C, D], [head(D)])
    assert (found.pruned, found.proven, found.proven_from, found.broken) == (2, 2, 3, None)


@given(
    st.lists(st.binary(max_size=4), min_size=1, max_size=12),
    st.data(),
)
def test_any_change_of_an_act_is_named_where_it_is(words: list[bytes], data: st.DataObject) -> None:
    links = chain(*words)
    assert walk(CHAIN, links, [head(links[-1])]).broken is None
    place = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(st.binary(max_size=4).filter(lambda word: word != words[place]))
    links[place] = replace(links[place], words=other)
    broken = walk(CHAIN, links, []).broken
    assert broken is not None
    assert (broken.kind, broken.seq) == (Break.CHANGED, place + 1)
