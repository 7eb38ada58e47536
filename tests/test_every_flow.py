"""Every table of moves is whole: each state is reached, and each code of its states is used."""

import importlib
import pkgutil
from collections.abc import Mapping

import pytest

import counselhub
from counselhub.core.labels import Labelled
from counselhub.core.workflow import Flow, Move, moves_from, states_of
from counselhub.review import wording
from counselhub.review.states import LINE_FLOW
from counselhub.statements import pages
from counselhub.statements.states import STATEMENT_FLOW


def _flows() -> list[tuple[str, Flow]]:
    """Every `…_FLOW` of the features' kinds and states."""
    found = []
    for module in pkgutil.walk_packages(counselhub.__path__, "counselhub."):
        if module.name.rpartition(".")[2] in ("kinds", "states"):
            names = vars(importlib.import_module(module.name))
            found += [
                (f"{module.name}.{name}", flow)
                for name, flow in names.items()
                if name.endswith("_FLOW")
            ]
    return found


FLOWS = _flows()
EACH = pytest.mark.parametrize("flow", [pytest.param(flow, id=name) for name, flow in FLOWS])


def test_the_flows_are_found() -> None:
    assert {name.rpartition(".")[2] for name, _flow in FLOWS} >= {"CONTRACT_FLOW", "STATEMENT_FLOW"}


@EACH
def test_every_state_is_reached_from_the_first(flow: Flow) -> None:
    first = next(iter(_codes(flow)))
    reached, waiting = {first}, [first]
    while waiting:
        state = waiting.pop()
        for act in moves_from(flow, state):
            if (target := flow[act].target) not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == states_of(flow)


@EACH
def test_every_code_is_a_state_of_its_flow(flow: Flow) -> None:
    assert set(_codes(flow)) == states_of(flow)


@EACH
def test_every_move_leads_somewhere_else(flow: Flow) -> None:
    assert all(isinstance(move, Move) for move in flow.values())
    assert [act for act, move in flow.items() if move.sources == {move.target}] == []


def _codes(flow: Flow) -> type[Labelled]:
    """The codes that the flow's states belong to; a row starts with the first of them."""
    kind = type(next(iter(states_of(flow))))
    assert issubclass(kind, Labelled)
    return kind


@pytest.mark.parametrize("words", [pages.ACTS, wording.ACTS], ids=["firm", "office"])
def test_every_act_on_a_statement_has_words_on_both_sides(words: Mapping[str, str]) -> None:
    acts = {*STATEMENT_FLOW, *LINE_FLOW, "accept_matching", "accept_selected"}
    assert acts - set(words) == set()
