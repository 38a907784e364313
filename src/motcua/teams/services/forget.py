"""What was begun and never filed is nobody's business after a while: consent, signature and papers go."""

import contextlib
from datetime import datetime

from django.db import transaction

from motcua.teams.models import Assistance
from motcua.teams.times import KEPT_FOR
from motcua.vault.models import Paper
from motcua.vault.services import PaperHeld, delete_paper

# A device gives up after KEPT_FOR; one that was off meanwhile has as long again.
FORGOTTEN_AFTER = 2 * KEPT_FOR
MOST_AT_ONCE = 200


def forget_unfiled(*, now: datetime) -> int:
    """Delete help that led to no case in time, with the papers that came by it; return how much there was.

    A paper that the person had before, or that a case holds, stays.
    """
    rows = Assistance.objects.filter(
        filed_at__isnull=True, tried_at__isnull=True, received_at__lt=now - FORGOTTEN_AFTER
    )
    forgotten = 0
    for row in rows.only("pk", "person_id")[:MOST_AT_ONCE]:
        with transaction.atomic():
            for carried in row.papers.all():
                # Received at another moment: it stood among the person's papers already.
                if Paper.objects.filter(pk=carried.paper_id, added_at=carried.received_at).exists():
                    with contextlib.suppress(PaperHeld):
                        delete_paper(
                            paper_id=carried.paper_id, person_id=row.person_id, now=now, actor="machine"
                        )
            row.delete()
        forgotten += 1
    return forgotten
