"""Rights to pages across apps. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role

#: Whoever answers for others: they see what was done in their units, in those below, in those taken over.
READING_THE_LOG = frozenset({Role.ADMINISTRATOR, Role.STANDING, Role.LEADER})

LOG = register(Right("log.read", "xem nhật ký", READING_THE_LOG, lambda _log: (), reach=Reach.ANY))
