"""One PostgreSQL cluster: made once, started, stopped, and brought back after a crash."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

from psycopg.pq import PGconn, Ping

from counselhub.core.postgres.accounts import ServerError
from counselhub.core.postgres.binaries import Binaries, find_binaries
from counselhub.core.postgres.places import Home

ADMIN = "counselhub_admin"
PORT = 5432  # names the socket only: nothing listens on the network
ATTEMPTS = 8  # starts, the pause between them growing: 9 s in all
READY_SECONDS = 120.0  # after a crash the server first replays its log
STOP_SECONDS = 30.0
ORPHAN_SECONDS = 5.0  # what a killed server left notices within moments that it is alone
PAUSE_SECONDS = 0.01
SETTINGS = """
# CounselHub
listen_addresses = ''
max_connections = 100
# DETAIL lines quote whole rows, and the log is no place for people's data.
log_error_verbosity = terse
"""


def create(home: Home, password: str) -> Binaries:
    """Make the cluster unless it exists, and return the programs that fit it."""
    version = home.cluster / "PG_VERSION"
    if version.exists():
        major = int(version.read_text(encoding="ascii"))
        return find_binaries(home.account, home.root, major=major)
    binaries = find_binaries(home.account, home.root)
    # Made under another name: a cluster that bears its own name is a whole one.
    fresh = home.root / "cluster.fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    home.account.own(fresh)
    _initdb(home, binaries, fresh, password)
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    fresh.rename(home.cluster)
    return binaries


def _initdb(home: Home, binaries: Binaries, fresh: Path, password: str) -> None:
    pwfile = home.log / "pwfile"
    pwfile.unlink(missing_ok=True)
    descriptor = os.open(pwfile, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(password)
    os.chown(pwfile, home.account.uid, home.account.gid)
    # Under locale C trigrams of Chinese text are empty; the builtin one needs nothing installed.
    provider = ["--locale-provider=builtin"] if binaries.major >= 17 else []
    command = f"{binaries.folder}/initdb"
    options = ["-E", "UTF8", "-k", "--auth=scram-sha-256", "--locale=C.UTF-8", *provider]
    user = ["-U", ADMIN, f"--pwfile={pwfile}"]
    answer = home.account.run([command, f"--pgdata={fresh}", *user, *options])
    pwfile.unlink()
    if answer.returncode != 0:
        raise ServerError(f"initdb failed: {answer.stderr.strip()}")


def start(home: Home, binaries: Binaries) -> None:
    """Return when the server answers. Raises ServerError, with the end of its log, if it won't."""
    if server_pid(home) is not None and not home.socket.exists():
        stop(home)  # its socket was swept out of /tmp, or the data folder moved: nobody reaches it
    for attempt in range(ATTEMPTS):
        pid = server_pid(home) or _launch(home, binaries)
        if _answers(home, pid):
            return
        # Right after a crash the orphans of the old server still hold its memory for a moment.
        time.sleep(0.25 * (attempt + 1))
    log = home.log / "server.log"
    tail = log.read_text(encoding="utf-8", errors="replace")[-800:] if log.exists() else ""
    raise ServerError(f"The database server does not start; its log {log} ends: {tail}")


def _launch(home: Home, binaries: Binaries) -> int:
    _clear_stale_files(home)
    # The shell leaves at once, so that the server is nobody's child and leaves no zombie with us;
    # arguments, not a command line, so that a path may have any character. The log must be a
    # file: a captured pipe would never end.
    script = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'
    shell = ["/bin/sh", "-c", script, "sh", f"{home.log}/server.log"]
    server = [f"{binaries.folder}/postgres", "-D", str(home.cluster)]
    answer = home.account.run([*shell, *server, "-p", str(PORT), "-k", str(home.sockets)])
    return int(answer.stdout)


def _answers(home: Home, pid: int) -> bool:
    """Wait until the server takes connections; False when it ended instead."""
    conninfo = f"host={home.sockets} port={PORT} user={ADMIN} dbname=postgres".encode()
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if PGconn.ping(conninfo) == Ping.OK:
            return True
        if not _is_running(pid):
            return False
        time.sleep(PAUSE_SECONDS)
    raise ServerError(f"The database server (process {pid}) does not answer; see {home.log}.")


def stop(home: Home) -> None:
    """Stop the server if it runs, and wait until it has gone. Open connections are cut."""
    for how in (signal.SIGINT, signal.SIGQUIT):  # in good order; then at once, which loses no row
        pid = server_pid(home)
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + STOP_SECONDS
        while server_pid(home) is not None and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
    if server_pid(home) is not None:
        raise ServerError(f"The database server (process {server_pid(home)}) does not stop.")


def server_pid(home: Home) -> int | None:
    """Return the process of the live server, None when there is none, whatever its file says."""
    pid = _written_pid(home)
    return pid if pid is not None and _works_in(pid, home.cluster) else None


def _written_pid(home: Home) -> int | None:
    try:
        return int((home.cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None


def _works_in(pid: int, cluster: Path) -> bool:
    """Tell whether the process is a server of this cluster: its working folder is the cluster.

    A name alone proves nothing: after a reboot the number may be another cluster's server.
    """
    if not Path("/proc/self/cwd").exists():
        return _is_running(pid)  # macOS: the pid file is all there is
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == cluster.resolve()
    except OSError:
        return False


def _is_running(pid: int) -> bool:
    """Tell whether the process lives; one that ended and was not collected does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except ProcessLookupError:
        return False
    except (FileNotFoundError, PermissionError):
        return not Path("/proc/self").exists()
    return state.rpartition(")")[2].split()[0] != "Z"


def _clear_stale_files(home: Home) -> None:
    """Remove the files of a server that is gone when they would keep a new one from starting.

    PostgreSQL clears them itself, unless their process number still means something: another
    program after a reboot, or the old server as a zombie that nobody collects. While processes
    of the old server remain, its file stays: it guards their shared memory.
    """
    deadline = time.monotonic() + ORPHAN_SECONDS
    while _has_processes(home.cluster):
        if time.monotonic() > deadline:
            return
        time.sleep(PAUSE_SECONDS)
    pid = _written_pid(home)
    if pid is not None and Path(f"/proc/{pid}").exists():
        (home.cluster / "postmaster.pid").unlink()
    for name in (home.socket.name, f"{home.socket.name}.lock"):
        (home.sockets / name).unlink(missing_ok=True)


def _has_processes(cluster: Path) -> bool:
    numbers = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return any(_works_in(number, cluster) for number in numbers)
