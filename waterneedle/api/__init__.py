"""Doors for other programs: the documents of the contracts over HTTP, opened by tokens that belong to a clinic."""
