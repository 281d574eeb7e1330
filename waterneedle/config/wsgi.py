"""The application that the server calls."""
from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

from waterneedle.config.starting import begin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waterneedle.config.settings")
# What is loaded now stays for good: to look through it for garbage takes a seventh of the start, and a pause in requests later.
gc.disable()
application = get_wsgi_application()
begin()
gc.freeze()
gc.enable()
