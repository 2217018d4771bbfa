"""Events on their way: from the transaction that recorded them, over the broker, into the transaction of a consumer.

The event table is the truth and the broker a cache that may be wiped. Every step may be repeated; the gate of each
aggregate's position makes the effect happen once and in order.
"""
