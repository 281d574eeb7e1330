"""The application that the server calls."""
from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from waterneedle.config.starting import begin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waterneedle.config.settings")
application = get_wsgi_application()
begin()
