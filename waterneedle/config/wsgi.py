"""The application that the server calls."""
from __future__ import annotations

import gc
import os

from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application
from django.db import connection

from waterneedle.clinic.database.sqlite.base import give_back_after_requests
from waterneedle.config.starting import begin
from waterneedle.config.turns import Turns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waterneedle.config.settings")
# What is loaded now stays for good: to look through it for garbage takes a seventh of the start, and a pause in requests later.
gc.disable()
application = get_wsgi_application()
if connection.vendor == "sqlite":  # to PostgreSQL a request waits for its answers, and others work meanwhile
    application = Turns(application)
begin()
request_finished.connect(give_back_after_requests)
gc.freeze()
# A page makes thousands of things that go with it, without the help of this, which took a fifteenth of a signature. What is left
# is looked through whole often: with all that was loaded frozen it is little, and the server stays below 160 MB.
gc.set_threshold(10_000, 3, 3)
gc.enable()
