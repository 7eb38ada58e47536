"""Where the files of the embedded server are."""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from counselhub.core.postgres.accounts import Account, ServerError, account_for

# A socket's path may have 107 bytes; `/.s.PGSQL.5432.lock` takes 19 of them. PostgreSQL splits
# the setting at commas and strips spaces, so only plain names are used as they are.
PLAIN = re.compile(r"[A-Za-z0-9_./-]{1,85}")
# Where the server lives when root's data folder is closed to the server's account.
OUTSIDE = Path("/var/lib/counselhub")


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one server. `root` is ours, the others are the account's alone."""

    root: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """The data directory proper; it exists only when initdb has finished."""
        return self.root / "cluster"

    @property
    def log(self) -> Path:
        """The folder of server.log; apart, because initdb wants an empty data directory."""
        return self.root / "log"

    @property
    def sockets(self) -> Path:
        """The folder of the socket; short, whatever the length of the checkout's path."""
        folder = str(self.root / "socket")
        if PLAIN.fullmatch(folder):
            return Path(folder)
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path("/tmp") / f"counselhub-{digest}"  # noqa: S108  # Account.own checks the owner

    @property
    def socket(self) -> Path:
        """The socket itself."""
        return self.sockets / ".s.PGSQL.5432"

    def prepare(self) -> None:
        """Make what is missing."""
        _make_passage(self.root)
        for folder in (self.log, self.sockets):
            self.account.own(folder)


def find_home(data_dir: Path) -> Home:
    """Return the home of the server of this data folder, deciding it the first time.

    Root's server runs as another account. When that account cannot enter `data_dir` (a checkout
    in /root), the home is under /var/lib/counselhub and `data_dir/postgres.home` names it.
    """
    pointer = data_dir / "postgres.home"
    root = data_dir / "postgres"
    if pointer.exists():
        root = Path(pointer.read_text(encoding="utf-8").strip())
        if not root.is_dir():
            raise ServerError(f"{pointer} names {root}, which is gone; restore it or remove both.")
    account = account_for(root / "cluster")
    if not pointer.exists() and not root.exists() and not account.can_enter(data_dir):
        root = OUTSIDE / secrets.token_hex(8)
        for folder in (OUTSIDE, root):
            _make_passage(folder)
        pointer.write_text(f"{root}\n", encoding="utf-8")
    return Home(root, account)


def _make_passage(folder: Path) -> None:
    """Make a folder that others pass through without seeing what is in it, whatever our umask."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)
