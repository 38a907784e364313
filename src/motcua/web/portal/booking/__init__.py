"""Appointments for citizens: where, for what, on which day, at which time; seen, moved and given back."""
