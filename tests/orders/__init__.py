"""A department of the tests' own: it has a panel about customers, follows merges, and is as slow as it is told."""
