"""`make chaos`: kills processes while people write, and counts from outside what was lost, doubled or out of order.

`ledger` keeps what writers of all kinds were told; `truth`, `observed` and `timeline` read what came of it.
"""
