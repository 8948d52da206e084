"""What of the councils falls due: a meeting for those who were summoned, the minutes for the office.

The same things stand in «Việc của tôi» through `council.waiting`; reminders only tell of them by their day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from thidua.awards.council.rights import RUNNING
from thidua.awards.models import Attendance, CouncilMember, CouncilSession, Presence, SessionState
from thidua.core.clock import VIETNAM
from thidua.notices.due import Due, Source, register, source_of_rows

#: Who has said so does not come; with a substitute, that one does.
NOT_COMING = (Presence.SUBSTITUTED, Presence.WRITTEN, Presence.ABSENT)


def _moment(session: CouncilSession) -> datetime:
    return timezone.localtime(session.meets_at, VIETNAM)


def _day(session: CouncilSession) -> date:
    return _moment(session).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=VIETNAM)


def _summoned(on: date) -> QuerySet[CouncilSession]:
    """Meetings still to come. Afterwards no member owes anything: the office opens, moves or cancels it."""
    return CouncilSession.objects.filter(state=SessionState.SUMMONED, meets_at__gte=_midnight(on))


def _who_comes(sessions: Collection[CouncilSession]) -> Iterator[tuple[CouncilSession, int]]:
    """Accounts that are awaited at each meeting. Two queries, however many meetings there are."""
    seats: dict[int, list[tuple[int, int]]] = {}
    rows = CouncilMember.objects.filter(
        council__in={one.council_id for one in sessions}, substitutes_for__isnull=True, user__isnull=False
    ).order_by("council_id", "position", "pk")
    for council_id, pk, user_id in rows.values_list("council_id", "pk", "user_id"):
        assert user_id is not None
        seats.setdefault(council_id, []).append((pk, user_id))
    excused: set[tuple[int, int]] = set()
    instead: dict[int, list[int]] = {}
    known = Attendance.objects.filter(session__in=sessions, presence__in=NOT_COMING).order_by("pk")
    for session_id, member_id, user_id in known.values_list("session_id", "member_id", "substitute__user_id"):
        excused.add((session_id, member_id))
        if user_id is not None:
            instead.setdefault(session_id, []).append(user_id)
    for one in sessions:
        own = [user for pk, user in seats.get(one.council_id, ()) if (one.pk, pk) not in excused]
        for user_id in dict.fromkeys([*own, *instead.get(one.pk, ())]):
            yield one, user_id


def _find_meetings(days: Collection[date], on: date) -> Iterable[Due]:
    if not days:
        return
    span = (_midnight(min(days)), _midnight(max(days) + timedelta(days=1)))
    rows = _summoned(on).filter(meets_at__gte=span[0], meets_at__lt=span[1]).select_related("council")
    sessions = [one for one in rows.order_by("pk") if _day(one) in days]
    for session, user_id in _who_comes(sessions):
        yield Due(
            key=f"{session.pk}-{user_id}",
            title=f"Dự họp lúc {_moment(session):%H:%M}: {session.title}",
            address=reverse("council:session", args=[session.pk]),
            due_on=_day(session),
            user_id=user_id,
            about=session.council.name,
        )


def _still_meetings(keys: Collection[str], on: date) -> Mapping[str, date]:
    wanted = set(keys)
    sessions = list(_summoned(on).filter(pk__in={int(key.partition("-")[0]) for key in wanted}))
    found = {f"{session.pk}-{user_id}": _day(session) for session, user_id in _who_comes(sessions)}
    return {key: day for key, day in found.items() if key in wanted}


def _counted(_on: date) -> QuerySet[CouncilSession]:
    """The papers are counted, the result stands in no dossier yet."""
    return (
        CouncilSession.objects.filter(state=SessionState.COUNTED)
        .select_related("council")
        .annotate(met_on=TruncDate("meets_at", tzinfo=VIETNAM))
    )


def _due_conclusion(row: CouncilSession) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Lập biên bản, ghi kết luận vào hồ sơ: {row.title}",
        address=reverse("council:session", args=[row.pk]),
        due_on=_day(row),
        unit_id=row.council.standing_body_id,
        about=row.council.name,
    )


register(
    Source(
        "council_meetings",
        "Họp hội đồng",
        roles=frozenset(),  # addressed to persons, not to roles of a unit
        late_roles=frozenset(),
        find=_find_meetings,
        still=_still_meetings,
    )
)
register(
    source_of_rows(
        "council_conclusions",
        "Kết luận của hội đồng",
        roles=RUNNING,
        late_roles=RUNNING,
        waiting=_counted,
        due=_due_conclusion,
        day="met_on",
    )
)
