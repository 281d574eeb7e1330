"""Whether this server answers and reaches its database: for whatever watches it."""
from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from waterneedle.clinic.accounts.access import public


@public
def healthz(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "fail", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok"})
