"""Addresses of a hall's machines and of its tickets."""

from django.urls import path, re_path

from motcua.web.portal.halls import display, kiosk, tickets

TICKET = r"(?P<secret>[A-Za-z0-9_-]{22})"
urlpatterns = [
    path("halls/<slug:code>/display/", display.display, name="display"),
    path("halls/<slug:code>/display/live/", display.display_live, name="display_live"),
    path("halls/<slug:code>/display.json", display.display_json, name="display_json"),
    path("halls/<slug:code>/kiosk/open/", kiosk.open_kiosk, name="kiosk_open"),
    path("halls/<slug:code>/kiosk/", kiosk.kiosk, name="kiosk"),
    path("halls/<slug:code>/kiosk/take/", kiosk.take, name="kiosk_take"),
    path("halls/<slug:code>/kiosk/arrive/", kiosk.arrive, name="kiosk_arrive"),
    path("halls/<slug:code>/kiosk/for/<slug:group>/", kiosk.ask_priority, name="kiosk_priority"),
    re_path(rf"^halls/(?P<code>[a-z][a-z0-9_]*)/kiosk/{TICKET}/$", kiosk.kiosk_ticket, name="kiosk_ticket"),
    re_path(rf"^ticket/{TICKET}/$", tickets.ticket, name="ticket"),
    re_path(rf"^ticket/{TICKET}/live/$", tickets.ticket_live, name="ticket_live"),
    re_path(rf"^ticket/{TICKET}/leave/$", tickets.leave, name="ticket_leave"),
]
