"""Appointments and queue tickets: what an office has room for, who booked it, who waits in its hall."""
