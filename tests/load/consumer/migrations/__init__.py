"""The noting service's revisions."""
