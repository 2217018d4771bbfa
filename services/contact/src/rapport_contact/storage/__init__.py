"""How contact's aggregates are kept."""
