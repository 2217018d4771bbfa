"""gRPC on both sides: the pipeline every call passes through, and the channels that calls leave by."""
