"""`make run`: the database, the migrations, the demo, then gunicorn and the worker, until Ctrl-C.

Settings as in README. Leaves no process behind, however it is stopped; after kill -9 gunicorn and
the worker go by themselves and the next command that uses the database stops it.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from types import FrameType
from typing import NoReturn

from counselhub.core import config, data_keys, migrations
from counselhub.core.postgres import DatabaseUrls, ServerError, data_folder, open_database
from counselhub.core.postgres.settings import CHECKOUT
from counselhub.core.sealing import KeyRingError

DEMONSTRATION = "counselhub.demo"  # by name: core knows no feature
PAGES = ("gunicorn", "--config", "gunicorn.conf.py")
WORKER = ("counselhub.worker",)
LOOK_SECONDS = 10
"""How often we look whether the worker fell over, and start another: the pages do not need it."""
STOP_SIGNALS = [signal.SIGINT, signal.SIGTERM]
if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
    STOP_SIGNALS.append(signal.SIGHUP)  # the terminal was closed; under nohup we stay
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> int:
    """Serve until a signal; return the exit code."""
    for number in STOP_SIGNALS:
        signal.signal(number, _leave)
    try:
        port = free_port(config.from_environment().port)
        with open_database(os.environ) as urls:
            prepare(urls)
            return _serve(urls, port)
    except (config.SettingsError, ServeError, ServerError, KeyRingError) as problem:
        print(problem, file=sys.stderr)
        return 1


def prepare(urls: DatabaseUrls) -> None:
    """Bring the database to the newest schema, and load the demonstration into an empty one."""
    migrations.upgrade(urls.owner)
    data_keys.refuse_missing_at(urls.app, data_keys.from_environment(data_folder(os.environ)))
    import_module(DEMONSTRATION).load_once(urls)


class ServeError(Exception):
    """The pages cannot be served; the message is a sentence for whoever is at the shell."""


def free_port(port: int) -> int:
    """Return the port to serve on. Raises ServeError when it is in use or not for this user."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
        try:
            trial.bind(("127.0.0.1", port))
        except PermissionError:
            raise ServeError(f"This user may not use port {port}; name one with PORT=.") from None
        except OSError:
            raise ServeError(f"Port {port} is in use; name another with PORT=.") from None
    return port


def _serve(urls: DatabaseUrls, port: int) -> int:
    environ = os.environ | {
        "COUNSELHUB_DATA": str(data_folder(os.environ)),
        # The pages never see the role that owns the tables.
        "DATABASE_URL": urls.app,
        "DATABASE_APP_URL": urls.app,
        "PORT": str(port),
    }
    relay = _Relay(environ)
    relay.start(PAGES)
    relay.start(WORKER)
    print(f"CounselHub is at http://127.0.0.1:{port} (Ctrl-C stops it)", flush=True)
    return relay.wait()


class _Relay:
    """Passes our signals on to gunicorn and the worker: in good order first, then at once."""

    def __init__(self, environ: dict[str, str]) -> None:
        """Listen before there is a child, so that no signal falls between the two."""
        self.environ = environ
        self.asked = 0
        self.children: dict[tuple[str, ...], subprocess.Popen[bytes]] = {}
        for number in STOP_SIGNALS:
            signal.signal(number, self._pass_on)

    def start(self, program: tuple[str, ...]) -> subprocess.Popen[bytes] | None:
        """Start one of our programs, unless we were told to end meanwhile."""
        if self.asked:
            return None
        parent = os.getpid()
        self.children[program] = subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, "-m", *program],
            cwd=CHECKOUT,
            env=self.environ,
            start_new_session=True,  # Ctrl-C reaches it through us, once
            preexec_fn=lambda: _end_with(parent),
        )
        return self.children[program]

    def _pass_on(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1
        self._tell(signal.SIGTERM if self.asked == 1 else signal.SIGQUIT)

    def _tell(self, number: signal.Signals) -> None:
        for child in self.children.values():
            child.send_signal(number)

    def wait(self) -> int:
        """Return the exit code of gunicorn, 0 when it was us who ended it; the worker goes too."""
        pages, worker = self.children.get(PAGES), self.children.get(WORKER)
        while pages and pages.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                pages.wait(timeout=LOOK_SECONDS)
            if worker and worker.poll() is not None and pages.poll() is None:
                worker = self.start(WORKER)
        self._tell(signal.SIGTERM)
        codes = {program: child.wait() for program, child in self.children.items()}
        _ignore_signals()  # stopping the database takes a moment, undisturbed
        return 0 if self.asked else codes[PAGES]


def _end_with(parent: int) -> None:
    """In the child: get SIGTERM when the parent dies, so that kill -9 leaves nobody on the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """Unwind what was started so far; once, for a second signal would disturb the unwinding."""
    _ignore_signals()
    raise SystemExit(128 + number)


def _ignore_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
