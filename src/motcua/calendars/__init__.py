"""Working time, holidays and legal deadlines; pure Python.

>>> from motcua.calendars import vietnam
>>> vietnam().after(moment, working_hours=16)
"""

from motcua.calendars.working_time import DayNotCovered, WorkingCalendar, read_calendar, vietnam

__all__ = ["DayNotCovered", "WorkingCalendar", "read_calendar", "vietnam"]
