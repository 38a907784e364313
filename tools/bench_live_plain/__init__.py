"""The plain way to take a request: one Django ORM transaction for each, as a good engineer would write it first.

It does the work of ``POST /api/submissions`` for one procedure, the travel pass, under the same settings and
middleware and on the same registers and accounts, with tables of its own. tools/bench_live.py compares with it.
"""
