"""Addresses of appointments for citizens."""

from django.urls import path

from motcua.web.portal.booking import choosing, own

urlpatterns = [
    path("appointments/", choosing.where, name="book_where"),
    path("appointments/<slug:code>/<slug:group>/", choosing.when, name="book_when"),
    path("appointments/<slug:code>/<slug:group>/book/", choosing.confirm, name="book_confirm"),
    path("my/appointments/", own.appointments, name="appointments"),
    path("my/appointments/<int:booking_id>/", own.appointment, name="appointment"),
    path("my/appointments/<int:booking_id>/move/", own.move, name="appointment_move"),
    path("my/appointments/<int:booking_id>/cancel/", own.cancel, name="appointment_cancel"),
    path("my/appointments/<int:booking_id>/calendar.ics", own.calendar, name="appointment_calendar"),
]
