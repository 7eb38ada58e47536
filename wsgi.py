"""What gunicorn serves."""

import os

from counselhub import create_app
from counselhub.core.postgres import data_folder, ensure_server, outside_urls

app = create_app(outside_urls(os.environ) or ensure_server(data_folder(os.environ)))
