"""The surface of the service designer: the rules of a service as drafts, checked, compared and installed."""
