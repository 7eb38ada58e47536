"""Many notices become one message: pure. Bytes are of UTF-8; a character is never cut in two."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from counselhub.robots.kinds import Style, Vendor

NAME = "CounselHub"
"""Begins each message: who secures a DingTalk robot by a keyword takes this one."""
MOST_BYTES = {
    (Vendor.WECOM, Style.TEXT): 2048,
    (Vendor.WECOM, Style.MARKDOWN): 4096,
    (Vendor.DINGTALK, Style.TEXT): 2048,
    (Vendor.DINGTALK, Style.MARKDOWN): 4096,
}
"""WeCom's limits. DingTalk takes more, but nobody in a group reads more."""
MOST_LINES = 20
"""How many notices one message may have; the others follow in the next one."""
LONGEST_LINE = 240
LONGEST_LINK = 300
TITLE_BYTES = 60
RESERVED = 240
"""For the first line, `…还有 n 条`, the words around the link and the number."""
MARKS = str.maketrans("*_`~[]<>#\\@|\n\r\t", "＊＿｀～［］＜＞＃＼＠｜   ")
"""What Markdown or a group would read as more than a letter: emphasis, links, @ of somebody."""


@dataclass(frozen=True, slots=True)
class Line:
    """One notice. topic: what kind it is. text: typed harmless fields only, in one line."""

    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent at once. told: how many notices it lists; beyond: how many it only counts."""

    title: str
    body: str
    told: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """How a vendor's message is laid out."""

    most_bytes: int
    heading: str
    item: str
    gap: str
    link: str

    def of(self, topic: str, lines: Iterable[Line]) -> list[str]:
        """Return the rows of one topic."""
        rows = [self.heading.format(topic)]
        return rows + [self.item.format(clip(plain(line.text), LONGEST_LINE)) for line in lines]


def layout(vendor: Vendor, style: Style) -> Layout:
    """Return the layout; DingTalk's Markdown needs an empty row between two."""
    most = MOST_BYTES[vendor, style]
    if style is Style.TEXT:
        return Layout(most, "【{}】", "· {}", "\n", "{}：{}")
    gap = "\n\n" if vendor is Vendor.DINGTALK else "\n"
    return Layout(most, "**{}**", "- {}", gap, "[{}]({})")


def size(text: str) -> int:
    """Return the bytes of a text."""
    return len(text.encode())


def clip(text: str, most: int) -> str:
    """Return `text` within `most` bytes (3 at least), cut at a whole character with `…`."""
    if size(text) <= most:
        return text
    return text.encode()[: most - size("…")].decode(errors="ignore") + "…"


def plain(text: str) -> str:
    """Return `text` without anything that a group would read as a mark, in one line."""
    return "".join(one for one in text.translate(MARKS) if one.isprintable()).strip()


def compose(lines: Sequence[Line], how: Layout, *, link: str, number: str) -> Message:
    """Return the message that tells of `lines`, topics together, in the order they first came.

    link: into the application, at most LONGEST_LINK bytes. number: the message's own, the same
    when it is sent again. Each notice is listed, or counted at the end where the bytes do not do.
    Raises ValueError for a link that is too long.
    """
    if size(link) > LONGEST_LINK:
        raise ValueError("the link is too long")
    room = how.most_bytes - RESERVED - size(link)
    listed = _fitting(_together(lines), how, room)
    beyond = len(lines) - len(listed)
    title = f"{NAME}：{len(lines)} 条提醒"
    rows = [title, _rows(listed, how)] if listed else [title]
    if beyond:
        rows.append(f"…还有 {beyond} 条")
    rows.append(how.link.format("登录查看", link) + f"（编号 {number}）")
    return Message(title, how.gap.join(rows), len(listed), beyond)


def _together(lines: Sequence[Line]) -> list[Line]:
    first: dict[str, int] = {}
    for line in lines:
        first.setdefault(line.topic, len(first))
    return sorted(lines, key=lambda line: first[line.topic])


def _fitting(lines: Sequence[Line], how: Layout, room: int) -> Sequence[Line]:
    """Return as many lines from the first on as `room` bytes hold, each with its heading."""
    many = len(lines)
    while size(_rows(lines[:many], how)) > room:
        many -= 1
    return lines[:many]


def _rows(lines: Sequence[Line], how: Layout) -> str:
    groups = groupby(lines, key=lambda line: line.topic)
    return how.gap.join(
        row for topic, some in groups for row in how.of(clip(plain(topic), TITLE_BYTES), some)
    )


def body(vendor: Vendor, style: Style, message: Message) -> Mapping[str, Any]:
    """Return the document that the vendor is sent; nobody is mentioned."""
    if style is Style.TEXT:
        return {"msgtype": "text", "text": {"content": message.body}}
    if vendor is Vendor.WECOM:
        return {"msgtype": "markdown", "markdown": {"content": message.body}}
    return {"msgtype": "markdown", "markdown": {"title": message.title, "text": message.body}}
