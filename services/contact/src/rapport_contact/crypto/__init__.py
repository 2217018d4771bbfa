"""Contact's own keys: what wraps others, and what signs receipts."""
