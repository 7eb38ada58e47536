"""What an archive says of itself, and what its files are. Pure."""

from datetime import datetime

from counselhub.archives.contents import LEFT_OUT
from counselhub.archives.words import table_word

ENDINGS = ((b"\xff\xd8", ".jpg"), (b"\x89PNG", ".png"), (b"%PDF", ".pdf"), (b"{", ".json"))


def ending_of(data: bytes) -> str:
    """Return the ending that a file's first bytes ask for; what is packed is Word's or Excel's."""
    for first, ending in ENDINGS:
        if data.startswith(first):
            return ending
    if not data.startswith(b"PK"):
        return ".bin"
    return ".docx" if b"word/" in data else ".xlsx" if b"xl/" in data else ".zip"


def readme(title: str, made_at: datetime, papers: str, *, has_photos: bool) -> str:
    """Return what stands in 说明.txt."""
    left_out = "\n".join(f"- {table_word(name) or name}：{why}" for name, why in LEFT_OUT.items())
    photos = "包括" if has_photos else "不包括（申请时没有选）"
    return f"""{title}全部资料导出
制作时间：{made_at:%Y-%m-%d %H:%M}（北京时间），各表都是这一刻的内容。

一、各文件夹里的 .csv 可用 Excel 直接打开：金额是元，时间是北京时间，代码已换成文字。
　　开头是等号、加号等的文字前面加了一个撇号，防止被当成公式。
二、同名的 .jsonl 供程序读取：一行一条，金额是分，时间带时区，代码不换。
三、“结算单”里是审定的结算单 PDF，上面的验真码可以在“{papers}”核对。
四、“附件”里是往来的文件，文件名是说明表里的编号；照片{photos}。
五、manifest.json 列出每个文件的行数、字节数和 SHA-256 摘要。

没有放进来的，和原因：
{left_out}
"""
