"""`rapport export`, which runs where the caller is, not in the service."""
