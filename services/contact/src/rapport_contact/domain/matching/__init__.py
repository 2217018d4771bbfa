"""Which records are about the same person, or the same organisation: features, blocking keys, comparison, score.

A record becomes features; a `Model` says under which keys to look for records like it, weighs the evidence field by
field after Fellegi and Sunter (1969) and says why. There is one model for each kind of record.
"""
