"""`rapport take-out` and `rapport restore`, which run where the caller is, not in the service."""
