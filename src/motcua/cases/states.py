"""Values of a case that the path itself knows; the states of a service are data in its pack."""

from collections.abc import Callable, Iterable

from django.db import models

from motcua.procedures.content import Act, Actor, Workflow

# The reason code of a case that went to a person because its pack failed on it.
PACK_FAULT = "pack_fault"


class Phase(models.TextChoices):
    """What kind of place a state is, for queues and counts."""

    DECIDING = "deciding", "Đang xét"
    SILENT_REGISTER = "silent_register", "Chờ nguồn dữ liệu"
    PERSON = "person", "Chờ cán bộ"
    CITIZEN = "citizen", "Chờ người dân"
    GRANTED = "granted", "Đã cấp"
    REFUSED = "refused", "Không cấp"
    CLOSED = "closed", "Đã khép lại"

    @classmethod
    def open(cls) -> tuple["Phase", ...]:
        """Return the phases in which the city owes an answer; what waits for the applicant is late for nobody."""
        return (cls.DECIDING, cls.SILENT_REGISTER, cls.PERSON)


class Channel(models.TextChoices):
    """How a request came in, as the national synchronisation numbers it (1, 2, 3) plus machines."""

    COUNTER = "counter", "Tại quầy"
    ONLINE = "online", "Trực tuyến"
    POST = "post", "Bưu chính công ích"
    API = "api", "Hệ thống khác"


class ActNotOpen(ValueError):
    """The workflow does not allow the act from the present state, or not to this actor."""

    def __init__(self, act: str, state: str, open_acts: Iterable[str]) -> None:
        self.act, self.state, self.open_acts = act, state, tuple(open_acts)
        allowed = ", ".join(self.open_acts) or "none"
        super().__init__(f"{act} is not open in state {state} (open: {allowed})")


# Tells whether the condition of an act holds for the case at hand.
Holds = Callable[[Act], bool]


def open_acts(workflow: Workflow, state: str, actor: Actor, holds: Holds) -> dict[str, Act]:
    """Return the acts that this actor may take from the state and whose condition holds, in the order of the pack."""
    return {
        name: act
        for name, act in workflow.acts.items()
        if state in act.source
        and actor in act.by
        and ((act.when is None and act.after is None) or holds(act))
    }


def act_from(workflow: Workflow, state: str, act: str, actor: Actor, holds: Holds) -> Act:
    """Return the act; raises ``ActNotOpen``."""
    allowed = open_acts(workflow, state, actor, holds)
    if act not in allowed:
        raise ActNotOpen(act, state, allowed)
    return allowed[act]
