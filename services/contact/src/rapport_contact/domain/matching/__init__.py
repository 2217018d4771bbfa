"""Which records are about the same person: features, blocking keys, comparison, score.

A record becomes `Features`; `blocking_keys` says where to look for records like it; `Model.compare` weighs the evidence
field by field after Fellegi and Sunter (1969) and says why.
"""
