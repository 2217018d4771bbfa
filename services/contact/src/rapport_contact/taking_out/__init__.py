"""The archive, which the service makes of one person; `rapport take-out` and `rapport restore`, which run elsewhere."""
