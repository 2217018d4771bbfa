"""The revisions of contact's database."""
