"""Revisions of its database."""
