"""Keeps what is said about a person readable only for as long as that person's key exists (ADR 9).

Each person has a key of their own. The frame seals with it what leaves or outlives the person's row: the personal and
sensitive fields of events (`events`) and of kept answers (`answers`), and the sensitive fields of the row itself
(`at_rest`). Which fields those are, and whom a message is about, contracts say (`classified`).
"""
