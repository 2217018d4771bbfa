"""The page of a customer, put together from what the departments answer."""
