"""Make counselhub/fonts again: Noto Sans SC Regular whole, Bold cut to GB2312 and punctuation.

    python tools/fonts.py             # needs fonttools and npm

The whole Regular face keeps rare characters of people's names printable; bold is for headings,
where GB2312 levels 1 and 2 (6,763 characters) are enough and a third of the size.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from fontTools import subset
from vendor import ROOT, Entry, unpack, write

FONTS = ROOT / "counselhub" / "fonts"
PACKAGE = "@expo-google-fonts/noto-sans-sc@0.4.3"


def bold_characters() -> set[int]:
    """GB2312 (its symbols and both levels of characters), Latin-1, punctuation, full width."""
    wanted = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))
    wanted |= set(range(0x2010, 0x2028)) | set(range(0x2030, 0x205F)) | {0x20AC, 0x2103, 0x2116}
    wanted |= set(range(0x2460, 0x2474)) | set(range(0x3000, 0x3020)) | set(range(0xFF00, 0xFFF0))
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            text = bytes([high, low]).decode("gb2312", errors="ignore")
            wanted |= {ord(char) for char in text}
    return wanted


def cut(source: Path, target: Path, characters: set[int]) -> None:
    options = subset.Options(layout_features=["*"], hinting=False, notdef_outline=True)
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def main() -> None:
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        package = unpack(PACKAGE, Path(place))
        regular, bold = FONTS / "NotoSansSC-Regular.ttf", FONTS / "NotoSansSC-Bold.ttf"
        shutil.copyfile(package.folder / "400Regular/NotoSansSC_400Regular.ttf", regular)
        cut(package.folder / "700Bold/NotoSansSC_700Bold.ttf", bold, bold_characters())
        shutil.copyfile(package.folder / "LICENSE_FONT", FONTS / "OFL.txt")
        licence = "counselhub/fonts/OFL.txt"
        entries: list[Entry] = [package.entry(file, licence) for file in (regular, bold)]
    listing = json.dumps([asdict(entry) for entry in entries], indent=2)
    write(FONTS / "MANIFEST.json", listing + "\n")


if __name__ == "__main__":
    main()
