"""What gunicorn serves."""

import os

from counselhub import create_app
from counselhub.core.config import from_environment, said_plainly
from counselhub.core.db import PrivilegedRoleError
from counselhub.core.postgres import ServerError, data_folder, ensure_server, outside_urls

with said_plainly(PrivilegedRoleError, ServerError):
    from_environment()  # before a server is started for nothing
    app = create_app(outside_urls(os.environ) or ensure_server(data_folder(os.environ)))
