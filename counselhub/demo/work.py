"""What lawyers did in one community in one month: visits, services, mediated cases."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from counselhub.demo.cast import House
from counselhub.demo.days import Calendar

Values = dict[str, Any]
KINDS = ("consultation",) * 6 + (
    "mediation",
    "drafting",
    "publicity",
    "legal_affairs",
    "contract_review",
)
DISPUTES = ("neighbour", "family", "labour", "property_management", "traffic", "other")
TALK = {
    "consultation": "居民咨询{what}，已口头解答并告知下一步。",
    "mediation": "与社区一起调解{what}，双方基本达成一致。",
    "drafting": "代写{what}材料一份。",
    "publicity": "在社区广场发放普法资料，讲解{what}常识。",
    "legal_affairs": "协助居委会处理涉及{what}的事务。",
    "contract_review": "审查社区场地租赁合同，提出修改意见。",
}
WHAT = {
    "neighbour": "邻里漏水",
    "family": "离婚财产分割",
    "labour": "拖欠工资",
    "property_management": "物业费",
    "traffic": "交通事故赔偿",
    "other": "民间借贷",
}


@dataclass(frozen=True)
class Team:
    """Who leads a community from which day on, oldest first, and who backs up."""

    leads: tuple[tuple[date, date, str], ...]
    backup: str

    def lead_on(self, day: date) -> str:
        """Return the lead of a day, the backup while there is none."""
        for first, last, licence in self.leads:
            if first <= day <= last:
                return licence
        return self.backup


def usual_time(place: int) -> tuple[int, int]:
    """Return the weekday (0 is Monday) and the hour of the firm's community of this position."""
    return place % 5, 9 if place // 5 % 2 == 0 else 14


def duty_of(
    house: House,
    code: str,
    place: int,
    team: Team,
    month: date,
    calendar: Calendar,
    random: Random,
) -> list[Values]:
    """Return the visits of a month: one a week on the community's own weekday and hour.

    Every fourth month is short of a visit; now and then the backup comes along (counted once), a
    colleague stands in, or the sign-out was forgotten.
    """
    weekday, hour = usual_time(place)
    days = list(calendar.weekdays(month, weekday))[: 2 if house.is_light else 4]
    if random.random() < 0.25:
        days = days[:-1]
    rows = []
    for day in days:
        lead, backup = team.lead_on(day), team.backup
        rows.append(_usual_visit(lead, backup, code, day, hour, random))
        together = not house.is_light and random.random() < 0.06
        if together and rows[-1]["licence"] == lead != backup:
            rows.append(_visit(backup, code, day, time(hour, 20), 60))
    if (house.share, place, month) == (1, 0, calendar.months[-2]) and not house.is_light:
        rows.append(_visit(house.lawyers[2].licence, code, month + timedelta(days=9), time(15), 60))
    return rows


def _usual_visit(lead: str, backup: str, code: str, day: date, hour: int, random: Random) -> Values:
    minutes = random.choice([100, 120, 120, 125, 130, 150])
    row = _visit(lead, code, day, time(hour, random.choice([0, 0, 5, 10])), minutes)
    if lead != backup and random.random() < 0.05:
        return row | {"licence": backup, "substitute": lead, "remark": "主责开庭，由同事替班"}
    if random.random() < 0.03:
        return row | {"time_out": None, "remark": "忘记签退"}
    return row


def _visit(licence: str, code: str, day: date, at: time, minutes: int) -> Values:
    until = datetime.combine(day, at) + timedelta(minutes=minutes)
    return {
        "licence": licence,
        "community_code": code,
        "day": day,
        "time_in": at,
        "time_out": until.time(),
        "source": "phone" if day.day % 3 else "qr",
        "community_confirmed": bool(day.day % 5),
    }


def services_of(
    house: House,
    code: str,
    place: int,
    team: Team,
    month: date,
    calendar: Calendar,
    random: Random,
) -> tuple[list[Values], list[Values]]:
    """Return the services of a month, with one lecture a quarter, and its mediated cases."""
    days = [month + timedelta(days=offset) for offset in range(28)]
    past = [day for day in days if calendar.is_over(day) and day.weekday() < 5]
    if not past:
        return [], []
    who = {"community_code": code, "licence": team.lead_on(past[0])}
    wanted = random.randint(2, 4) if house.is_light else random.randint(6, 14)
    chosen = sorted(random.choice(past) for _number in range(wanted))
    services = [_service(who, day, random) for day in chosen]
    if (month.month + place) % 3 == 1:
        services.append(who | _lecture(random.choice(past), random))
    for number, service in enumerate(services, start=1):
        service["number"] = f"FW{month:%Y%m}-{code[-6:]}-{number:03d}"
    claims = _claims(house, who, month, past, random) if (month.month + place) % 2 == 0 else []
    return services, claims


def _service(who: Values, day: date, random: Random) -> Values:
    kind, dispute = random.choice(KINDS), random.choice(DISPUTES)
    return who | {
        "day": day,
        "kind": kind,
        "mode": random.choice(["on_site", "on_site", "phone", "wechat"]),
        "dispute_kind": dispute,
        "count": 1,
        "persons": random.randint(1, 3) if kind != "publicity" else random.randint(20, 60),
        "content": TALK[kind].format(what=WHAT[dispute]),
        "outcome": "已办结",
    }


def _lecture(day: date, random: Random) -> Values:
    return {
        "day": day,
        "kind": "lecture",
        "mode": "on_site",
        "count": 1,
        "persons": random.randint(25, 80),
        "content": "法治讲座：民法典与社区生活。",
        "outcome": "已完成",
    }


def _claims(
    house: House, who: Values, month: date, past: list[date], random: Random
) -> list[Values]:
    closed_on = past[-1 - random.randrange(min(3, len(past)))]
    return [
        who
        | {
            "number": f"{house.code.upper()}-AJ{month:%Y%m}-{who['community_code'][-6:]}",
            "accepted_on": past[0],
            "closed_on": closed_on,
            "dispute_kind": random.choice(DISPUTES),
            "difficulty": random.choice(["simple", "simple", "ordinary", "major"]),
            "form": random.choice(["oral", "written"]),
            "fulfilled": random.random() < 0.8,
            "dossier_complete": random.random() < 0.85,
        }
    ]
