"""A small service that stands in the frame as any other and notes every event of contact that takes effect in it."""
