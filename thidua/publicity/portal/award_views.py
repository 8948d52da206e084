"""The page of awards on the portal."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from thidua.core import clock
from thidua.publicity.portal import awarded
from thidua.publicity.portal.frame import page
from thidua.publicity.portal.searching import words_of

ON_A_PAGE, NEWEST = 50, 6


@require_safe
def awards(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    given = {
        key: value
        for key in ("tim", "nam", "hinh_thuc", "cap", "so", "co_quan")
        if (value := request.GET.get(key, "").replace("\0", " ").strip()[:300])
    }
    rows = awarded.public_awards(on=on)
    years, forms, levels = awarded.years(rows), awarded.forms(rows, on=on), awarded.levels()
    # What no choice offers asks for nothing.
    asked = awarded.Asked(
        words=tuple(words_of(given.get("tim", ""))),
        year=next((year for year in years if str(year) == given.get("nam")), None),
        form=next((code for code, _ in forms if code == given.get("hinh_thuc")), ""),
        level=next((code for code, _ in levels if code == given.get("cap")), ""),
        number=given.get("so", ""),
        issuer=given.get("co_quan", ""),
    )
    found = Paginator(awarded.narrowed(rows, asked), ON_A_PAGE).get_page(request.GET.get("trang"))
    is_narrowed = asked != awarded.Asked()
    context = {
        "page": found,
        "awards": awarded.awards_shown(found.object_list, on=on),
        "asked": asked,
        "query": given.get("tim", "")[:100],
        "years": years,
        "forms": forms,
        "levels": levels,
        "is_narrowed": is_narrowed,
        "decisions": [] if is_narrowed or found.number > 1 else awarded.newest_decisions(on=on, most=NEWEST),
        "rest": urlencode(given),
    }
    return page(
        request,
        "portal/awards.html",
        context,
        title="Khen thưởng",
        description="Ai được khen, hình thức nào, theo quyết định nào; tên hộ gia đình không được nêu.",
    )
