"""Fills a world's database with emergencies and their cells, without a log.

python -m tests.bench.filled EMERGENCIES OPEN
"""

import sys

import django


def main(emergencies: int, still_open: int) -> None:
    """Rows of the load story, the newest `still_open` not resolved; map and picture read nothing else."""
    django.setup()
    import numpy as np
    from django.db import transaction

    from alerts.cells.recount import recount
    from alerts.emergencies.models import Emergency
    from alerts.load import rows, seed
    from alerts.load.history import plan
    from alerts.load.spots import spots
    from alerts.load.tables import fill, without_indexes
    from commandcenter.clock import now

    story = plan(
        emergencies=emergencies,
        events=4 * emergencies,
        still_open=still_open,
        spots=spots(np.random.default_rng(1)),
        desks=seed._desks(),
        at=now(),
    )
    with transaction.atomic():
        with without_indexes(Emergency):
            fill(Emergency, rows.EMERGENCY, rows.emergency_rows(story), lambda done: None)
        recount()
    seed.refresh_statistics()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
