"""PostgreSQL, NATS and every service on one machine: `rapport up`, and the servers that tests use."""
