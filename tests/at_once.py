"""Acts of several people in the same moment, for tests with `transaction=True`."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together, each with a connection of its own; what each gave."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes[place] = act()
        except Exception as error:  # what a thread raises is what we ask about
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes
