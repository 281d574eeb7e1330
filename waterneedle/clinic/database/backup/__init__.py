"""Backups: a copy of the database at one moment, sealed, checked, and brought back into a new place.

sealed.py    the file: encrypted and authenticated in pieces, so that whatever was changed or is missing shows
copying.py   what goes into it and comes out of it: SQLite's own copy, or PostgreSQL's own dump
making.py    make, verify, restore and swap
keeping.py   one that is made, verified, noted, and not kept for ever
status.py    when the last one was made, verified and brought back, in a file beside the data
"""
