from __future__ import annotations

from waterneedle.clinic.visits.urls_after import AFTER

app_name = "visits"

# Below /c/<clinic>/visits/
urlpatterns = [*AFTER]
