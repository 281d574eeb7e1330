"""What every room's rows stand on: base classes of rows, and SQLite with one writer at a time. No app, no table of its own."""
