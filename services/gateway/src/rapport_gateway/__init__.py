"""The edge: REST and OpenAPI derived from the contracts, sign-in and the documentation page."""
