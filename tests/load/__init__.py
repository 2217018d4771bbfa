"""`make bench`: what the frame costs, as ratios to a bare chain measured in the same run."""
