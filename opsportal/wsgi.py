"""The WSGI entry point for granian and waitress."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opsportal.settings")

application = get_wsgi_application()

gc.collect()
gc.freeze()  # what start-up made stays: later collections need not walk it, which shortens the slowest requests
