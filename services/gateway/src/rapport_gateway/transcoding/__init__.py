"""From an HTTP request to an RPC and back, as google.api.http says."""
