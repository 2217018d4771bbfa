"""`make chaos`: kills processes while people write, and counts from outside what was lost, doubled or out of order."""
