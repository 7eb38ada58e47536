"""Make static/vendor, static/icons.svg and their manifest again from npm packages.

    python tools/vendor.py            # writes the files and static/vendor/MANIFEST.json

Versions are pinned here and nowhere else; tests/core/test_vendor.py hashes what is committed.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"

TABLER = "@tabler/core@1.6.1"
HTMX = "htmx.org@2.0.11"
ICONS = "@tabler/icons@3.51.0"

ICON_NAMES = re.findall(
    r"\S+",
    """
alert-circle alert-triangle arrow-back-up arrows-exchange bell building building-community
calendar-stats calendar-time camera check chevron-down chevron-left chevron-right chevron-up
circle-check clipboard-check clipboard-list clock clock-play clock-stop copy dots download edit
external-link eye file-invoice file-spreadsheet file-text file-type-pdf filter gavel grid-dots
heart-handshake history home inbox info-circle keyboard language link list-details lock logout
map-pin map-pin-check menu-2 message minus notes paperclip phone player-stop plus printer qrcode
receipt-yuan refresh report-money scale search selector send settings shield-check star
sum switch-horizontal trash upload user-circle user-cog users writing x
""",
)


@dataclass(frozen=True)
class Entry:
    """One committed file and the package it was taken from."""

    package: str
    version: str
    integrity: str
    file: str
    sha256: str
    licence: str


@dataclass(frozen=True)
class Package:
    """An unpacked npm package."""

    name: str
    version: str
    integrity: str
    folder: Path

    def entry(self, file: Path, licence: str) -> Entry:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        path = file.relative_to(ROOT).as_posix()
        return Entry(self.name, self.version, self.integrity, path, digest, licence)


def unpack(spec: str, into: Path) -> Package:
    """Fetch `name@version` with npm and unpack it below `into`."""
    command = ["npm", "pack", "--silent", "--json", "--pack-destination", str(into), spec]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    about = json.loads(done.stdout)[0]
    folder = into / about["filename"].removesuffix(".tgz")
    with tarfile.open(into / about["filename"]) as archive:
        archive.extractall(folder, filter="data")
    return Package(about["name"], about["version"], about["integrity"], folder / "package")


def without_source_map(text: str) -> str:
    """Drop the pointer to a map that is not shipped, which browsers would ask for."""
    return re.sub(r"\s*(/\*|//)# sourceMappingURL=\S+( \*/)?\s*$", "\n", text)


def sprite(folder: Path) -> str:
    """Join the chosen icons into one SVG of symbols; stroke and size come from the user's CSS."""
    symbols = []
    for name in sorted(ICON_NAMES):
        text = (folder / "icons" / "outline" / f"{name}.svg").read_text(encoding="utf-8")
        paths = [p for p in re.findall(r"<path[^>]*/>", text) if 'stroke="none"' not in p]
        body = "".join(p.replace(" />", "/>") for p in paths)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def tabler_licence(mit: str, css: str) -> str:
    """The package carries no licence file: its MIT text with the owners its CSS names."""
    owners = "\n".join(re.findall(r"Copyright .+", css[:600]))
    return re.sub(r"Copyright \(c\).+", lambda _: owners, mit, count=1)


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        tabler, htmx, icons = (unpack(spec, Path(place)) for spec in (TABLER, HTMX, ICONS))
        css = (tabler.folder / "dist/css/tabler.min.css").read_text(encoding="utf-8")
        mit = (icons.folder / "LICENSE").read_text(encoding="utf-8")
        write(VENDOR / "tabler.LICENSE.txt", tabler_licence(mit, css))
        write(VENDOR / "tabler-icons.LICENSE.txt", mit)
        licence = (htmx.folder / "LICENSE").read_text(encoding="utf-8")
        write(VENDOR / "htmx.LICENSE.txt", licence)
        script = (htmx.folder / "dist/htmx.min.js").read_text(encoding="utf-8")
        style = write(VENDOR / "tabler.min.css", without_source_map(css))
        code = write(VENDOR / "htmx.min.js", without_source_map(script))
        drawn = write(STATIC / "icons.svg", sprite(icons.folder))
        entries = [
            tabler.entry(style, "static/vendor/tabler.LICENSE.txt"),
            htmx.entry(code, "static/vendor/htmx.LICENSE.txt"),
            icons.entry(drawn, "static/vendor/tabler-icons.LICENSE.txt"),
        ]
    listing = json.dumps([asdict(entry) for entry in entries], indent=2)
    write(VENDOR / "MANIFEST.json", listing + "\n")


if __name__ == "__main__":
    main()
