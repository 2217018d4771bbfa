"""The revisions of identity's database."""
