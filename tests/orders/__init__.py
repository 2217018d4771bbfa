"""A department of the tests' own: it has a panel about customers, and is as slow as it is told to be."""
