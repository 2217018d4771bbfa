"""What a tenant, a user, a role and a credential are; no input or output, and no clock."""
