"""Reads capitals back, so that a test need not trust their writer."""

DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
SMALL = {"拾": 10, "佰": 100, "仟": 1000}
PARTS = {"元": 100, "角": 10, "分": 1}


def fen_of_capitals(text: str) -> int:
    """人民币壹仟捌佰元整 is 180000."""
    words = text.removeprefix("人民币").removesuffix("整")
    sign = -1 if words.startswith("负") else 1
    total = section = whole = digit = 0
    for word in words.removeprefix("负"):
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in SMALL:
            section, digit = section + digit * SMALL[word], 0
        elif word == "万":
            section, digit = (section + digit) * 10**4, 0
        elif word == "亿":
            whole, section, digit = (section + digit) * 10**8, 0, 0
        else:
            total += (whole + section + digit) * PARTS[word]
            whole = section = digit = 0
    return sign * total
