"""Talking to issuers of OpenID Connect: what comes from there is bounded in size and time, and never trusted unread."""
