"""How Chinese names are sorted and found: by pinyin, initials and code."""

from pypinyin import Style, lazy_pinyin


def pinyin(text: str) -> str:
    """Return the pinyin of a name, the order of lists."""
    return " ".join(lazy_pinyin(text)).lower()


def search_text(name: str, code: str, spoken: str) -> str:
    """Return what the search reads: name, code, pinyin and initials, in lower case."""
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return f"{name} {code} {spoken} {spoken.replace(' ', '')} {initials}".lower()
