"""`python -m counselhub.worker`: does the jobs of the timetable until it is told to end."""

import asyncio
import os

from counselhub import create_app
from counselhub.core import config, jobs
from counselhub.core.db import PrivilegedRoleError
from counselhub.core.postgres import ServerError, data_folder, ensure_server, outside_urls
from counselhub.tasks import TASKS
from counselhub.timetable import TIMETABLE


def main() -> None:
    """Work on the database that the environment names, as `wsgi.py` serves it."""
    with config.said_plainly(PrivilegedRoleError, ServerError):
        config.from_environment()
        urls = outside_urls(os.environ) or ensure_server(data_folder(os.environ))
        app = create_app(urls)
    queue = jobs.queue(app, urls.app, TIMETABLE, TASKS)
    asyncio.run(jobs.work(queue, [job.name for job in TIMETABLE]))


if __name__ == "__main__":
    main()
