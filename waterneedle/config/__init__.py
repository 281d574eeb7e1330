"""Settings, addresses and the server's entry: the only place that sees every room."""
