"""Contact's use cases, one class per proto service."""
