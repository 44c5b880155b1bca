"""The baseline's entry point, with the same garbage collection as the portal's."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.baseline.settings")

application = get_wsgi_application()

gc.collect()
gc.freeze()
