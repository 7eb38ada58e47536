"""Who runs the database server: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A dedicated account first, so that the server shares its files with nobody.
SERVANTS = ("counselhub", "postgres", "nobody")
# The caller's locale and PG* variables must not reach initdb: the cluster would depend on them.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class ServerError(Exception):
    """The embedded server cannot be had; the message is a sentence for whoever is at the shell."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group of this machine."""

    uid: int
    gid: int

    def run(
        self, command: Sequence[str | Path], **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, away from our terminal, and return what it printed.

        Raises OSError when the account cannot execute it. The exit code is the caller's to judge.
        """
        if self.uid != os.geteuid():
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(  # noqa: S603  # commands of this package, no shell line
            [str(word) for word in command],
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for us: we stop the server in good order
            **options,
        )

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this account reaches the folder through all its parents."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0

    def own(self, folder: Path) -> None:
        """Make the folder private to this account; raises ServerError when somebody else's."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if found.st_uid != self.uid and os.geteuid() == 0 and found.st_uid == 0:
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)
            found = folder.lstat()
        if found.st_uid != self.uid or not stat.S_ISDIR(found.st_mode):
            raise ServerError(f"{folder} belongs to another user; remove it or run as its owner.")
        folder.chmod(0o700)


def account_for(cluster: Path) -> Account:
    """Return who runs the server of this cluster, which need not exist yet."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if cluster.exists() and cluster.stat().st_uid != 0:
        return Account(cluster.stat().st_uid, cluster.stat().st_gid)
    for name in SERVANTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServerError(f"Root may not run PostgreSQL and there is no account {SERVANTS}.")
