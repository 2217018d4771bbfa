"""Where tenants, users and credentials are kept."""
