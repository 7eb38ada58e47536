"""How the pages are served; `make run` and a production server read the same file."""

from counselhub.core.config import from_environment, said_plainly

with said_plainly():
    settings = from_environment()

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{settings.port}"
worker_class = "gthread"  # a thread that waits for the database lets others work
workers = 2
threads = 8
graceful_timeout = 10  # seconds a request may still take after the stop signal
max_requests = 2000  # a slow leak never grows old,
max_requests_jitter = 200  # and the workers do not leave together
control_socket_disable = True  # its path is one per user: two servers would share it
forwarded_allow_ips = ""  # what a proxy says is COUNSELHUB_PROXIES' matter alone
