"""Appointments and numbers on the desk: today's list, the plan of a hall, and the work at a counter."""
