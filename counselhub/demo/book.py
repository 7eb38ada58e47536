"""A firm's workbook, made from a fixed seed: as a firm would fill it in."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from typing import Any

from counselhub.demo.cast import House
from counselhub.demo.days import Calendar
from counselhub.demo.work import Team, duty_of, services_of
from counselhub.workbook.export import write_book

Values = dict[str, Any]
VISITS = "现场值班"
SCHEMES: dict[bool, Values] = {
    False: {
        "code": "NW",
        "name": "南湾街道一社区一法律顾问补贴方案（示范）",
        "annual_fen": 2_000_000,
        "cycle": "month",
        "required_hours": 8,
        "required_visits": 4,
        "shortest_visit_minutes": 60,
        "deduction_mode": "per_hour",
        "deduction_fen": 5_000,
        "lecture_fen": 30_000,
        "lecture_quarter_cap": 1,
        "online_day_fen": 20_000,
        "case_simple_fen": 20_000,
        "case_ordinary_fen": 40_000,
        "case_major_fen": 80_000,
        "case_extraordinary_fen": 160_000,
        "oral_percent": 50,
        "case_year_cap_fen": 300_000,
        "withhold_percent": 10,
        "city_percent": 0,
        "district_percent": 50,
        "street_percent": 50,
    },
    True: {
        "code": "YX",
        "name": "越秀区一社区一法律顾问补贴方案（示范）",
        "annual_fen": 1_200_000,
        "cycle": "month",
        "required_visits": 2,
        "shortest_visit_minutes": 60,
        "deduction_mode": "per_visit",
        "deduction_fen": 20_000,
        "lecture_fen": 20_000,
        "lecture_quarter_cap": 1,
        "case_simple_fen": 20_000,
        "case_ordinary_fen": 40_000,
        "case_major_fen": 80_000,
    },
}


def communities_of(house: House, codes: Sequence[str]) -> list[str]:
    """Return the communities that a firm serves, of those of its place."""
    return [code for place, code in enumerate(sorted(codes)) if place % house.of == house.share]


def book_of(house: House, codes: Sequence[str], calendar: Calendar) -> bytes:
    """Return the .xlsx of one firm; the same firm and day give the same data."""
    return written(sheets_of(house, codes, calendar), house, calendar)


def written(sheets: dict[str, list[Values]], house: House, calendar: Calendar) -> bytes:
    """Write the sheets as a workbook, without the visits that were tapped on phones."""
    tapped = tapped_of(sheets, house, calendar)
    rows = sheets | {VISITS: [row for row in sheets[VISITS] if row not in tapped]}
    target = BytesIO()
    write_book(target, lambda sheet: rows[sheet.name])
    return target.getvalue()


def tapped_of(sheets: dict[str, list[Values]], house: House, calendar: Calendar) -> list[Values]:
    """Return the visits of the last days, which lawyers of Nanwan tapped, in the order of time."""
    found = [
        row
        for row in sheets[VISITS]
        if not house.is_light and row["time_out"] and calendar.is_tapped(row["day"])
    ]
    return sorted(found, key=lambda row: (row["day"], row["time_in"], row["licence"]))


def sheets_of(house: House, codes: Sequence[str], calendar: Calendar) -> dict[str, list[Values]]:
    """Return the rows of every sheet, the same for the same firm and day."""
    random = Random(house.code)  # noqa: S311  # the same demonstration for everybody
    served = communities_of(house, codes)
    sheets: dict[str, list[Values]] = defaultdict(list)
    sheets["补贴方案"] = [SCHEMES[house.is_light]]
    sheets["律师"] = [_lawyer(house, place) for place in range(len(house.lawyers))]
    sheets["合同"] = list(_contracts(house, served, calendar))
    for place, code in enumerate(served):
        assigned = _assignments(house, code, place, calendar)
        team = _team(assigned)
        sheets["指派"] += assigned
        for month in calendar.months:
            sheets[VISITS] += duty_of(house, code, place, team, month, calendar, random)
            services, claims = services_of(house, code, place, team, month, calendar, random)
            sheets["服务记录"] += services
            sheets["以案定补"] += claims
        sheets["结对共建"] += _pairing(house, code, place, calendar)
    sheets["线上值班"] = [] if house.is_light else list(_shifts(house, calendar))
    return sheets


def _pair(house: House, place: int) -> tuple[str, str]:
    """Return who leads and who backs up in the firm's community of this position."""
    lawyers = house.lawyers
    lead = place % (len(lawyers) - 1) if not house.is_light else place // 5
    return lawyers[lead].licence, lawyers[(lead + 1) % len(lawyers)].licence


def _lawyer(house: House, place: int) -> Values:
    lawyer = house.lawyers[place]
    fields = ["婚姻家庭", "劳动争议", "物业", "合同", "刑事", "征地拆迁"]
    return {
        "name": lawyer.name,
        "licence_number": lawyer.licence,
        "category": "legal_worker" if house.is_light and place % 8 == 7 else "lawyer",
        "phone": lawyer.phone,
        "email": f"lawyer{place + 1}@{house.code}.example",
        "specialties": [fields[place % 6], fields[(place * 2 + 1) % 6]],
        "political_status": "party_member" if place % 2 == 0 else "masses",
        "joined_on": date(2018 + place % 6, 3, 1),
    }


def _contracts(house: House, served: Sequence[str], calendar: Calendar) -> Iterator[Values]:
    """One contract a community and year in Nanwan; one of the district for all in Yuexiu."""
    for year in calendar.years:
        groups = [served] if house.is_light else [[code] for code in served]
        for place, group in enumerate(groups, start=1):
            yield {
                "number": f"{house.code.upper()}-{year}-{place:02d}",
                "kind": "procurement" if house.is_light else "engagement",
                "communities": tuple(group),
                "starts_on": date(year, 1, 1),
                "ends_on": date(year, 12, 31),
                "signed_on": date(year - 1, 12, 20),
                "scheme": SCHEMES[house.is_light]["code"],
            }


def _assignments(house: House, code: str, place: int, calendar: Calendar) -> list[Values]:
    """A lead and a backup; in the first firm one took over from a colleague, one after a gap."""
    lead, backup = _pair(house, place)
    rows = [_assigned(code, lead, "lead", calendar.first_day)]
    rows.append(_assigned(code, backup, "backup", calendar.first_day))
    if house.share == 0 and not house.is_light and place < 2:
        since = calendar.months[-1] - timedelta(days=46) if place == 0 else calendar.months[-2]
        before = _assigned(code, house.lawyers[place - 1].licence, "lead", calendar.first_day)
        rows[0]["starts_on"] = since + timedelta(days=0 if place == 0 else 11)
        rows.insert(0, before | {"ends_on": since - timedelta(days=1)})
    return rows


def _assigned(code: str, licence: str, role: str, starts_on: date) -> Values:
    return {"community_code": code, "licence": licence, "role": role, "starts_on": starts_on}


def _team(assigned: Sequence[Values]) -> Team:
    leads = (
        (row["starts_on"], row.get("ends_on") or date.max, row["licence"])
        for row in assigned
        if row["role"] == "lead"
    )
    backup = next(row["licence"] for row in assigned if row["role"] == "backup")
    return Team(tuple(leads), backup)


def _pairing(house: House, code: str, place: int, calendar: Calendar) -> list[Values]:
    if place % 2 or house.is_light:
        return []
    signed_on = calendar.first_day + timedelta(days=70 + place)
    return [
        {
            "community_code": code,
            "party_a": f"{house.name}党支部",
            "party_b": "社区党委（示范）",
            "signed_on": signed_on,
            "valid_until": signed_on + timedelta(days=730),
            "content": "每季度一次普法进社区，共过主题党日。",
        }
    ]


def _shifts(house: House, calendar: Calendar) -> Iterator[Values]:
    """Three days a month round the clock, in two shifts; the third month lacks one of them."""
    for month_place, month in enumerate(calendar.months):
        for offset in range(3):
            day = month + timedelta(days=house.share * 3 + offset)
            if not calendar.is_over(day + timedelta(days=1)):
                continue
            noon = datetime.combine(day, time(12))
            halves = [(noon - timedelta(hours=12), noon), (noon, noon + timedelta(hours=12))]
            for half, (start, end) in enumerate(halves):
                if (month_place, offset, half) != (2, 2, 1):
                    yield {
                        "licence": house.lawyers[half].licence,
                        "street_code": house.place,
                        "starts_at": start,
                        "ends_at": end,
                    }
