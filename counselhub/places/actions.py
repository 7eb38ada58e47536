"""Load districts, streets and communities from the national division codes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import pinyin
from counselhub.core.db import db
from counselhub.core.errors import FaultsError, RefusedError
from counselhub.core.tenancy import as_platform
from counselhub.places.models import Community, District, Street
from counselhub.places.reading import Line, read

CHUNK = 1_000
LARGEST_BYTES = 100 * 2**20
Rows = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many places a file names, and how many communities were new or changed."""

    districts: int
    streets: int
    communities: int
    new: int
    changed: int


def import_places(path: str | Path) -> Imported:
    """Load a file of division codes, again as often as one likes: `community_code` is the key.

    Raises RefusedError when the file cannot be read, FaultsError with every fault by its line;
    then nothing is written. The caller commits.
    """
    reading = read(_content(Path(path)))
    if reading.faults:
        count = len(reading.faults)
        raise FaultsError(_("文件有%(count)d处错误，没有导入。", count=count), reading.faults)
    with as_platform():
        return _write(reading.rows)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            megabytes = LARGEST_BYTES // 2**20
            raise RefusedError(_("文件超过 %(size)d MB，请拆分后导入。", size=megabytes))
        return path.read_bytes()
    except OSError as error:
        words = _("读不了文件 %(path)s：%(why)s", path=str(path), why=error.strerror or "")
        raise RefusedError(words) from error


def _write(lines: Sequence[Line]) -> Imported:
    districts: Rows = {line["district_code"]: _district(line) for line in lines}
    streets: Rows = {line["street_code"]: _street(line) for line in lines}
    communities: Rows = {line["community_code"]: _community(line) for line in lines}
    before = dict(_known(list(communities)))
    for model, rows in ((District, districts), (Street, streets), (Community, communities)):
        _upsert(model, list(rows.values()))
    changed = sum(
        code in before and before[code] != row["name"] for code, row in communities.items()
    )
    new = len(communities) - len(before)
    return Imported(len(districts), len(streets), len(communities), new, changed)


def _district(line: Line) -> dict[str, str]:
    return {
        "code": line["district_code"],
        "name": line["district_name"],
        "city_name": line["city_name"],
        "province_name": line["province_name"],
    }


def _street(line: Line) -> dict[str, str]:
    return {
        "code": line["street_code"],
        "district_code": line["district_code"],
        "name": line["street_name"],
        "search": pinyin.searchable(line["street_name"], line["street_code"]),
    }


def _community(line: Line) -> dict[str, str]:
    code, name = line["community_code"], line["community_name"]
    return {
        "code": code,
        "street_code": line["street_code"],
        "name": name,
        "pinyin": pinyin.sort_key(name),
        "search": pinyin.searchable(name, code),
    }


def _known(codes: list[str]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(codes), CHUNK):
        part = codes[start : start + CHUNK]
        query = select(Community.code, Community.name).where(Community.code.in_(part))
        yield from ((code, name) for code, name in db.session.execute(query))


def _upsert(model: type[Any], rows: list[dict[str, str]]) -> None:
    statement = insert(model)
    given = {name: statement.excluded[name] for name in rows[0] if name != "code"}
    differs = or_(*(getattr(model, name).is_distinct_from(new) for name, new in given.items()))
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["code"], set_=given, where=differs), rows
    )
