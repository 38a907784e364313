"""Stand-ins for systems outside the machine; each runs on its own."""
