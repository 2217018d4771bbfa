"""The bare chain that the frame is measured against: HTTP → gRPC → one statement, and none of our features."""
