"""A fast simulation: the real rules, engine, record and closing, under seeded bidders, crashes and clocks.

Time is virtual and nothing waits, the database is SQLite in memory, and every history goes to the checker.
`python -m tests.faults.sim --auctions 10000 --seed 1 --processes 2` runs it.
"""
