"""Paper: a template and values in, a PDF out.

    render(Path(__file__).with_name("note.typ"), {"title": "Visit of 3 March", "rows": [["Where", "足三里 Zúsānlǐ ST36"]]})

Knows nothing of rows, requests or languages: who asks hands in words that are ready to be read.
"""
from waterneedle.clinic.paper.rendering import render

__all__ = ["render"]
