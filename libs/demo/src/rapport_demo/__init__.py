"""A tenant with people in it, for the first look at a new installation."""
