"""The observer's revisions."""
