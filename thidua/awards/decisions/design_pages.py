"""How certificates look: the list of designs, the editor with its preview, the calibration page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from thidua.awards.decisions import access, designs, drawing, layout, lists
from thidua.awards.decisions.forms import FieldForm, NewDesignForm, PageForm
from thidua.awards.duplicates import form_name
from thidua.awards.models import CertificateDesign
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.documents.file_store import store
from thidua.documents.models import StoredFile
from thidua.organisations import tree
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def all_designs(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = access.designs(acting)
    bodies = rows.order_by().values_list("unit_id", flat=True).distinct()
    found = listing(request, lists.design_table(tree.labels_on(bodies[:500], on=acting.on)), rows)
    if wants_workbook(request):
        return found.workbook()
    context = {"listing": found, "may_make": bool(access.bodies_for_designs(acting))}
    return render(request, "awards/decisions/designs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_design(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    bodies = access.bodies_for_designs(acting)
    labels = tree.labels_on(bodies, on=acting.on)
    units = [(pk, labels[pk]) for pk in bodies if pk in labels]
    form = NewDesignForm(
        request.POST or None, units=units, on=acting.on, initial={"form": "giay-khen", "size": "a4"}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        size: tuple[float, float] = layout.A3 if given["size"] == "a3" else layout.A4
        if given["size"] == "mau":
            size = designs.law_size(given["form"], acting.on) or layout.A4
        try:
            made = designs.save(
                Unit.objects.get(pk=given["unit"]),
                given["form"],
                designs.usual(given["kind"], given["form"], on=acting.on, size=size),
                actor=acting,
                now=clock.now(),
            )
            return redirect("awards:design", pk=made.pk)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form}
    return render(request, "awards/decisions/new_design.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def design(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor: saving makes a new version and shows it; using one is a second step."""
    acting = who(request)
    found = access.design_at(pk, acting=acting)
    before = designs.layout_of(found)
    may_change = acting.may("certificate.design", found)
    data = request.POST if request.method == "POST" else None
    if data is not None and data.get("viec") == "dung":
        designs.put_into_use(found, actor=acting, now=clock.now())
        messages.success(request, f"Từ nay in theo phiên bản {found.number}.")
        return redirect("awards:design", pk=pk)
    page = PageForm(data, request.FILES or None, initial=PageForm.of(before))
    rows = [
        (one, FieldForm(data, prefix=one.key, initial={name: getattr(one, name) for name in FIELD_NAMES}))
        for one in before.fields
    ]
    if data is not None and all([page.is_valid(), *(form.is_valid() for _, form in rows)]):
        wanted = page.layout(before, [form.field(one) for one, form in rows])
        try:
            made = designs.save(
                found.unit,
                found.form,
                wanted,
                background=_picture(page, "background", found.background),
                emblem=_picture(page, "emblem", found.emblem),
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, f"Đã lưu phiên bản {made.number}. Xem bên dưới rồi bấm «Dùng mẫu này».")
            return redirect("awards:design", pk=made.pk)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            page.add_error(None, refusal.message)
    earlier = CertificateDesign.objects.filter(unit=found.unit, form=found.form, kind=found.kind)
    is_wrong = data is not None
    context = {
        "design": found,
        "layout": before,
        "form_name": form_name(found.form, acting.on),
        "body": tree.labels_on([found.unit_id], on=acting.on).get(found.unit_id, ""),
        "page": page,
        "rows": rows,
        "placeholders": layout.PLACEHOLDERS.items(),
        "versions": earlier.order_by("-number")[:30],
        "may_change": may_change,
    }
    return render(request, "awards/decisions/design.html", context, status=422 if is_wrong else 200)


FIELD_NAMES = (
    *("is_on", "text", "x", "y", "width", "height", "size"),
    *("align", "is_bold", "is_italic", "colour"),
)


def _picture(page: PageForm, name: str, before: StoredFile | None) -> StoredFile | None:
    if page.cleaned_data["drop_pictures"]:
        return None
    upload = page.cleaned_data[name]
    if upload is None:
        return before
    return store(designs.picture(upload.read(), upload.name or "tệp"))


@require_safe
@signed_in
def design_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview; `?khung=1` shows the boxes of the fields."""
    acting = who(request)
    found = access.design_at(pk, acting=acting)
    raw = designs.preview(found, on=acting.on, has_frames=request.GET.get("khung") == "1")
    return HttpResponse(raw, content_type="image/png")


@require_safe
@signed_in
def calibration(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.design_at(pk, acting=who(request))
    raw = drawing.calibration(designs.layout_of(found))
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="trang-can-chinh.pdf"'
    return answer
