"""What operators see: traces, metrics and logs, named once and set up in one place."""
