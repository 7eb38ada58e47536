"""转外所: a packet of chosen fields to another firm, on the client's consent, known to the office.

Each firm has a row of its own under its own row security: what crosses is written into both within
one transaction, so no row of a firm is ever shown to another.
"""
