"""The safety check and the triage: values in, values out. Nothing here has heard of a row or of HTTP."""
