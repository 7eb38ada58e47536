"""Values that outlive their code: dataclasses, named tuples and what they hold, as JSON and back.

What is written names every field, so that a field which comes later with a default is read from
older documents too. Exact numbers and days travel as text; a float is refused.
"""

import types
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

Kind = TypeVar("Kind")
_TEXTS: Mapping[Any, Callable[[str], Any]] = {
    date: date.fromisoformat,
    Decimal: Decimal,
    Fraction: Fraction,
}


def canonical(value: object) -> bytes:
    """Return the one JSON of a value: keys in order, no blanks. Raises TypeError for a float."""
    return orjson.dumps(plain(value), option=orjson.OPT_SORT_KEYS)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it. Raises TypeError for what cannot be read back exactly."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple(_TEXTS)):
        return str(value)
    kind: Any = type(value)
    if names := _names(kind):
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(one) for one in value]
    raise TypeError(f"{kind.__name__} cannot be written exactly")


def read(kind: type[Kind], written: Any) -> Kind:
    """Return the value of `kind` that `plain` wrote. Raises ValueError for what it never wrote."""
    try:
        made: Kind = _read(kind, written)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no {kind.__name__}: {error}") from error
    return made


def _read(kind: Any, written: Any) -> Any:
    origin, given = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = [one for one in given if one is not type(None)]
        return None if written is None else _read(inner[0], written)
    if origin is tuple and given[-1] is not Ellipsis:
        return tuple(_read(one, part) for one, part in zip(given, written, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {_read(given[0], key): _read(given[1], one) for key, one in written.items()}
    if origin is not None:
        return tuple(_read(given[0], one) for one in written)
    return _one(kind, written)


def _one(kind: Any, written: Any) -> Any:
    """Read what is no collection."""
    if kind is Any:
        return written
    if names := _names(kind):
        hints = _hints(kind)
        unknown = set(written) - set(names)
        if unknown:
            raise ValueError(f"{kind.__name__} has no {sorted(unknown)}")
        return kind(**{name: _read(hints[name], one) for name, one in written.items()})
    if kind in _TEXTS:
        return _TEXTS[kind](written)
    if issubclass(kind, Enum):
        return kind(written)
    if type(written) is not kind:
        raise ValueError(f"{written!r} is no {kind.__name__}")
    return written


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    """Return the fields that make a value of a kind, none for what is no record."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind) if field.init)
    return tuple(getattr(kind, "_fields", ()))


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)
