"""The REST surface described: OpenAPI 3.1 and a page to browse it."""
