"""The one wiring: what runs one service in a pod and every service on a laptop."""
