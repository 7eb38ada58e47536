"""Every act that the source records, read from the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import counselhub

RECORDERS = frozenset(
    (
        *("advance", "record", "entry", "note", "account_act"),
        *("_advance", "_record", "_record_many", "_move", "_note"),
    )
)
SOURCE = Path(counselhub.__file__).parent


def recorded() -> set[str]:
    """The words given as act to the functions that record one, in every module."""
    return {act for path in SOURCE.rglob("*.py") for act in _in(ast.parse(path.read_text()))}


def _in(tree: ast.AST) -> Iterator[str]:
    named = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call.func) in RECORDERS:
            for argument in call.args[:4]:
                yield from _words(named.get(_name(argument), argument))


NOT_TOLD = frozenset(
    ("by", "street_code", "scope", "firm_id", "outcome", "before", "changes", "revision")
)
"""What recorders of acts and of rows take for themselves, and what is told piece by piece."""


def details() -> set[str]:
    """The names under which an act is given more to tell, in every module."""
    calls = (
        call
        for path in SOURCE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and _name(call.func) in RECORDERS
    )
    return {one.arg for call in calls for one in call.keywords if one.arg} - NOT_TOLD


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _words(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.IfExp):
        yield from _words(argument.body)
        yield from _words(argument.orelse)
    elif isinstance(argument, ast.Constant):
        word = str(argument.value)
        if isinstance(argument.value, str) and word.isascii() and word.isidentifier():
            yield word
