"""Contact: people, organisations and every way to reach them."""
