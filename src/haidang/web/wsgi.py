"""The door that a server of WSGI applications knocks at."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haidang.web.settings")
application = get_wsgi_application()
