"""What gunicorn serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from thidua.documents.reading import read_bytes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Loaded once, before gunicorn forks, so that nobody waits for it at the first page: the URL map with its
# views, and the reader with its vocabulary.
get_resolver().check()
read_bytes(b"K\xe1\xba\xbf ho\xe1\xba\xa1ch thi \xc4\x91ua", file_name="khoi-dong.txt")
