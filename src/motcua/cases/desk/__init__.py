"""The work of a desk around cases: who has one in hand, filters, many at once, templates of reasons, apologies."""
