"""A small service that stands in the frame as any other and notes which events of people have reached it."""
