"""Addresses of appointments and numbers on the desk."""

from django.urls import path

from motcua.web.desk.halls import counter, plan, today

urlpatterns = [
    path("appointments/", today.appointments, name="appointments"),
    path("appointments/arrive/", today.arrive, name="appointment_arrive"),
    path("appointments/number/", today.give_number, name="give_number"),
    path("appointments/<int:booking>/missed/", today.missed, name="appointment_missed"),
    path("appointments/<int:booking>/told/", today.told, name="appointment_told"),
    path("appointments/<int:booking>/name/", today.name, name="appointment_name"),
    path("halls/<slug:code>/", plan.plan, name="hall_plan"),
    path("halls/<slug:code>/key/", plan.renew_key, name="hall_key"),
    path("counters/", counter.counters, name="hall_counters"),
    path("counters/<int:counter>/", counter.counter, name="hall_counter"),
    path("counters/<int:counter>/live/", counter.counter_live, name="hall_counter_live"),
    path("counters/<int:counter>/act/", counter.act, name="hall_counter_act"),
]
