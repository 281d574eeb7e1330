from django.apps import AppConfig


class StockConfig(AppConfig):
    """Products on the shelf, lots, vials, the emergency kit."""

    name = "waterneedle.clinic.stock"
    label = "stock"
