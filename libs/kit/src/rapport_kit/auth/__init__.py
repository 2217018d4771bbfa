"""Who calls, and what they may do: tokens, permissions and record scopes."""
