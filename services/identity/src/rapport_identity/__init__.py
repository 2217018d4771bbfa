"""Who works with Rapport: tenants, users, teams, roles, credentials, and the tokens that every call carries."""
