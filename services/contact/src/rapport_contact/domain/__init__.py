"""What contact means by people, organisations and the ways to reach them."""
