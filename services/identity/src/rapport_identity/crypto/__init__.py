"""Hashing, secrets and keys: everything here is random or slow, so the domain stays free of it."""
