"""The workbooks of the acceptance tests, with what a pencil makes of them by the money rules."""

from typing import Any

from tests.acceptance.stranger import (
    adviser,
    assignment,
    case,
    contract,
    lecture,
    scheme,
    session,
    shift,
)

NANWAN, HONGQIAO, BEIJING = "440307012", "440104001", "440104003"
C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12 = (
    f"{NANWAN}{number:03}" for number in (3, 4, 10, 11, 12, 13, 14, 15, 16, 17, 18)
)
C1, LAST = f"{NANWAN}002", f"{NANWAN}020"
H1, B1 = f"{HONGQIAO}007", f"{BEIJING}104"
L, M, N = "14403202410000001", "14403202410000002", "14403202410000003"


def worked(place: str = C1, year: int = 2024) -> dict[str, list[Any]]:
    """Return the worked example of the money rules."""
    return {
        "补贴方案": [
            scheme(
                "例",
                20000,
                "月",
                "按小时",
                hours=8,
                visits=4,
                shortest=60,
                rate=50,
                lecture=300,
                lecture_cap=1,
                oral=50,
                simple=200,
                withhold=10,
                city=0,
                district=50,
                street=50,
            )
        ],
        "律师": [adviser("王示例", L)],
        "合同": [contract("例1", place, f"{year}-01-01", f"{year}-12-31", "例")],
        "指派": [assignment(place, L)],
        "现场值班": [
            session(L, place, f"{year}-10-{day:02}", "9:00", "11:00") for day in (8, 15, 22)
        ],
        "服务记录": [lecture(L, place, f"{year}-10-16")],
        "以案定补": [case(f"例案{year}", f"{year}-10-20", place, L, "简易", "口头")],
    }


WORKED = {
    "total_fen": 180_000,
    "total_capital": "人民币壹仟捌佰元整",
    "funding": [
        {"source": "区级", "amount_fen": 90_000},
        {"source": "街道", "amount_fen": 90_000},
    ],
}
WORKED_LINES = [
    ("base", "2024-10", 166_667),
    ("shortfall", "2024-10", -10_000),
    ("lecture", "2024-10", 30_000),
    ("case", "2024-10", 10_000),
    ("withhold", "2024-10", -16_667),
]


def edges() -> dict[str, list[Any]]:
    """Return one firm with an edge of the rules in each community."""
    return {
        "补贴方案": [
            scheme("部分", 20000, "月", "按次", visits=4, rate=100),
            scheme("季", "10,000.01", "季", "按小时", hours=6, rate=20),
            scheme("半年", 12000, "半年", "按比例", hours=10),
            scheme("年", 5000, "年", "按次", visits=1, rate="￥2,000.00"),
            scheme("到岗", 24000, "月", "按小时", hours=20, shortest=60, rate=1),
            scheme(
                "杂",
                12000,
                "月",
                lecture=300,
                lecture_cap=2,
                online=88.88,
                simple=200,
                ordinary=500,
                major=1000,
                extraordinary=3000,
                oral=33.33,
                cap=1200,
            ),
            scheme("采购", 36000, "月", simple=200, cap=300),
            scheme("短", 4000, "季", "按次", visits=3, rate=1),
            scheme("预留", 20000, "月", withhold=12.5),
        ],
        "律师": [adviser("王示例", L), adviser("李示例", M), adviser("外示例", N)],
        "合同": [
            contract("部分1", C2, "2024-02-10", "2024-11-15", "部分"),
            contract("季1", C3, "2024-05-20", "2025-12-31", "季"),
            contract("半年1", C4, "2024-01-01", "2024-12-31", "半年", "13000.03"),
            contract("年1", C5, "2024-01-01", "2024-12-31", "年"),
            contract("到岗1", C6, "2024-01-01", "2024-12-31", "到岗"),
            contract("杂1", C7, "2024-01-01", "2024-12-31", "杂"),
            contract("采购1", f"{C9}、{H1}、{C8}", "2024-01-01", "2024-12-31", "采购", 7000),
            contract("短1", C10, "2024-01-01", "2024-05-10", "短"),
            contract("前1", C11, "2024-01-01", "2024-03-15", "预留"),
            contract("后1", C11, "2024-03-16", "2024-12-31", "预留"),
        ],
        "指派": [assignment(place, L) for place in (C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, H1)]
        + [assignment(C6, M, "备岗")],
        "现场值班": [
            session(L, C2, "2024-02-12", "9:00", "9:01"),
            session(L, C3, "2024-05-21", "14:00", "15:01"),
            session(L, C3, "2024-06-03", "8:00", "14:40"),
            session(L, C4, "2024-01-08", "9:00", "11:30"),
            session(L, C4, "2024-02-09", "9:00", "19:00"),
            session(L, C4, "2024-06-28", "9:00", "18:59"),
            # Two at once are one presence: 9:00 to 12:00.
            session(L, C6, "2024-03-01", "9:00", "11:00"),
            session(M, C6, "2024-03-01", "10:00", "12:00"),
            # Seconds are dropped: 9:00 to 10:00.
            session(L, C6, "2024-03-04", "09:00:59", "10:00:01"),
            # Below the shortest visit: nothing.
            session(L, C6, "2024-03-05", "9:00", "9:59"),
            # A stranger counts when standing in for one who is assigned, and not by herself.
            session(N, C6, "2024-03-06", "9:00", "10:30", L),
            session(N, C6, "2024-03-07", "9:00", "10:40"),
            session(L, C6, "2024-03-08", "9:00", None),
            # Two touching halves are one hour.
            session(L, C6, "2024-03-11", "9:00", "9:30"),
            session(M, C6, "2024-03-11", "9:30", "10:00"),
        ],
        "线上值班": [
            # 2 March is covered by three shifts, two of them over midnight; 5 March lacks a minute.
            shift(L, NANWAN, "2024-03-01 20:00", "2024-03-02 08:00"),
            shift(M, NANWAN, "2024-03-02 08:00", "2024-03-02 20:00"),
            shift(L, NANWAN, "2024-03-02 20:00", "2024-03-03 06:00"),
            shift(L, NANWAN, "2024-03-05 00:00", "2024-03-05 23:59"),
        ],
        "服务记录": [
            lecture(L, C7, "2024-01-15"),
            lecture(L, C7, "2024-02-15", 2),
            lecture(L, C7, "2024-03-15"),
            lecture(L, C7, "2024-04-01"),
        ],
        "以案定补": [
            case("杂-1", "2024-01-10", C7, L, "简易", "书面"),
            case("杂-2", "2024-02-05", C7, L, "普通", "口头"),
            case("杂-3", "2024-03-01", C7, L, "重大", "书面"),
            case("杂-4", "2024-03-02", C7, L, "特别重大", "书面"),
            case("杂-0", "2024-02-01", C7, L, "重大", "书面", 已履行="否"),
            case("采-1", "2024-03-03", C8, L, "简易", "书面"),
            case("采-2", "2024-03-04", H1, L, "简易", "书面"),
        ],
    }


Lines = list[tuple[str, str, str, int]]
"""Contract, kind, month and fen of each line, in order."""

# Worked out by hand. Base of month k: round(A k/12) - round(A (k-1)/12), by calendar days.
EDGES: dict[tuple[str, str], dict[str, Lines]] = {
    (NANWAN, "2024-02"): {
        # 166,666 x 20/29 (a leap year); of 4 x 20/29 visits 2 are asked, one was made.
        C2: [("部分1", "base", "2024-02", 114_942), ("部分1", "shortfall", "2024-02", -10_000)],
        C4: [],
        C5: [],
        # Of two lectures one is left under the cap; January's statement was never made.
        # 33.33 % of 500.00.
        C7: [
            ("杂1", "base", "2024-02", 100_000),
            ("杂1", "lecture", "2024-02", 30_000),
            ("杂1", "case", "2024-02", 16_665),
        ],
    },
    (NANWAN, "2024-03"): {
        C2: [("部分1", "base", "2024-03", 166_667), ("部分1", "shortfall", "2024-03", -40_000)],
        # 180 + 60 + 90 + 60 of 1,200 minutes: 810 are missing, 14 started hours.
        C6: [("到岗1", "base", "2024-03", 200_000), ("到岗1", "shortfall", "2024-03", -1_400)],
        # 1,200.00 - 200.00 - 166.65 is left of the cap for the third case, nothing for the fourth.
        C7: [
            ("杂1", "base", "2024-03", 100_000),
            ("杂1", "lecture", "2024-03", 0),
            ("杂1", "online", "2024-03", 8_888),
            ("杂1", "case", "2024-03", 83_335),
        ],
        # 700,000 fen: round(175,000) - round(116,666.67).
        C8: [("采购1", "base", "2024-03", 58_333), ("采购1", "case", "2024-03", 20_000)],
        C9: [("采购1", "base", "2024-03", 58_333)],
        C10: [
            ("短1", "shortfall", "2024-01", -300),
            ("短1", "shortfall", "2024-02", -300),
            ("短1", "base", "2024-03", 100_000),
            ("短1", "shortfall", "2024-03", -300),
        ],
        # 166,667 x 15/31 = 80,645.3 and x 16/31 = 86,021.7; 12.5 % of each is withheld.
        C11: [
            ("前1", "base", "2024-03", 80_645),
            ("前1", "withhold", "2024-03", -10_081),
            ("后1", "base", "2024-03", 86_022),
            ("后1", "withhold", "2024-03", -10_753),
        ],
    },
    (HONGQIAO, "2024-03"): {
        # The contract's cap holds over its communities, in whatever street.
        H1: [("采购1", "base", "2024-03", 58_333), ("采购1", "case", "2024-03", 10_000)],
    },
    (NANWAN, "2024-06"): {
        # 250,001 x 42/91; May asks 139 of 360 minutes and lacks 78.
        C3: [
            ("季1", "shortfall", "2024-05", -4_000),
            ("季1", "base", "2024-06", 115_385),
            ("季1", "shortfall", "2024-06", 0),
        ],
        # Half of 1,300,003 is 650,001.5; months are 108,334 or 108,333.
        C4: [
            ("半年1", "shortfall", "2024-01", -81_251),
            ("半年1", "shortfall", "2024-02", 0),
            ("半年1", "shortfall", "2024-03", -108_334),
            ("半年1", "shortfall", "2024-04", -108_333),
            ("半年1", "shortfall", "2024-05", -108_334),
            ("半年1", "base", "2024-06", 650_002),
            ("半年1", "shortfall", "2024-06", -181),
        ],
        # It ended on 10 May: 40 of 91 days; of 3 visits May asks 3 x 10/31 = 0.
        C10: [
            ("短1", "shortfall", "2024-04", -300),
            ("短1", "shortfall", "2024-05", 0),
            ("短1", "base", "2024-06", 43_956),
        ],
    },
    (NANWAN, "2024-11"): {
        C2: [("部分1", "base", "2024-11", 83_333), ("部分1", "shortfall", "2024-11", -20_000)],
    },
    (NANWAN, "2024-12"): {
        C2: [],
        # 12 visits are missing at 2,000.00; the year's 5,000.00 is all there is.
        C5: [
            ("年1", "shortfall", "2024-01", -200_000),
            ("年1", "shortfall", "2024-02", -200_000),
            ("年1", "shortfall", "2024-03", -100_000),
            *(("年1", "shortfall", f"2024-{month:02}", 0) for month in range(4, 12)),
            ("年1", "base", "2024-12", 500_000),
            ("年1", "shortfall", "2024-12", 0),
        ],
    },
}


def below() -> dict[str, list[Any]]:
    """Return a firm whose January is below nothing, whose February is paid nothing but the rest."""
    return {
        "补贴方案": [
            scheme(
                "负",
                1200,
                "月",
                "按次",
                visits=1,
                rate=1000,
                withhold=10,
                simple=200,
                city=33.33,
                district=33.33,
                street=33.34,
            )
        ],
        "律师": [adviser("王示例", L)],
        "合同": [contract("负1", B1, "2024-01-01", "2024-12-31", "负")],
        "指派": [assignment(B1, L)],
        "现场值班": [session(L, B1, f"2024-{month:02}-12", "9:00", "10:00") for month in (2, 3)],
        # Another firm's case, which that firm was paid for first.
        "以案定补": [case("采-2", "2024-03-04", B1, L, "简易", "书面")],
    }
