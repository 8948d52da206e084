"""Pages of reading plans: the list with its drop zone, and one plan beside its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.documents import access, file_store, plan_reading
from thidua.documents.commands.read import record_as_yaml
from thidua.documents.forms import ListForm
from thidua.documents.models import Document, Reading
from thidua.documents.plan_list import PAGE, asked_for
from thidua.documents.plan_page import MARKED, plan_page
from thidua.documents.reading import Unreadable
from thidua.documents.reading.files import ocr
from thidua.documents.sentences import THEMES, dated_in_words, edtf_in_words
from thidua.documents.source_marks import source_lines
from thidua.documents.workbooks import list_as_workbook, plan_as_workbook
from thidua.tables.workbooks import download

View = Callable[..., HttpResponseBase]
FILE_FIELD = "tep"


def refused_as_missing(view: View) -> View:
    """What does not exist for this browser is a page of status 404 that says what to do."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except access.NoSuchDocument as missing:
            return render(request, "documents/missing.html", {"refusal": missing}, status=404)

    return checked


def _visible(request: HttpRequest) -> QuerySet[Document]:
    return access.visible_to(access.owner_of(request), unit_ids=access.units_of(request))


def _document_at(request: HttpRequest, address: str) -> Document:
    return access.document_at(address, owner=access.owner_of(request), unit_ids=access.units_of(request))


# --- the list -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file of an upload, for the template."""

    file_name: str
    document: Document | None = None
    reading: Reading | None = None
    was_known: bool = False
    refusal: Unreadable | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """The list; a POST takes files in first.

    A script sends one file a request and gets the line about it; a plain form gets the whole page, or goes
    straight to the plan when there was only one.
    """
    if request.method != "POST":
        return _list_page(request)
    uploads = request.FILES.getlist(FILE_FIELD)
    outcomes = [_take_in(request, upload) for upload in uploads]
    status = 200 if any(outcome.refusal is None for outcome in outcomes) else 422
    if request.headers.get("HX-Request"):
        return render(request, "documents/list.html#outcomes", {"outcomes": outcomes}, status=status)
    if len(outcomes) == 1 and outcomes[0].document is not None:
        return redirect("documents:plan", address=outcomes[0].document.address)
    return _list_page(request, outcomes=outcomes, is_nothing_sent=not uploads, status=status)


def _take_in(request: HttpRequest, upload: UploadedFile[bytes]) -> Outcome:
    name = file_store.clean_file_name(upload.name or "")
    try:
        if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise plan_reading.too_large(upload.size or 0)
        taken = plan_reading.take_in(
            upload.read(), file_name=name, owner=access.owner_for_upload(request), now=timezone.now()
        )
    except Unreadable as refusal:
        return Outcome(name, refusal=refusal)
    return Outcome(name, document=taken.document, reading=taken.reading, was_known=taken.was_known)


def _list_page(
    request: HttpRequest,
    *,
    outcomes: list[Outcome] | None = None,
    is_nothing_sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    owner = access.owner_of(request)
    form = ListForm(request.GET)
    asked = form.asked()
    page = Paginator(asked_for(_visible(request), asked), PAGE).get_page(request.GET.get("trang"))
    removed = _just_removed(request, owner)
    shown = {outcome.reading.pk for outcome in outcomes or [] if outcome.reading}
    asked_words = {name: value for name, value in asked.items() if value}
    context = {
        "form": form,
        "page": page,
        "rows": [_row(document) for document in page],
        "asked": asked_words,
        "is_asked": any(value for name, value in asked_words.items() if name != "sap_xep"),
        "query": urlencode(asked_words),
        "outcomes": outcomes or [],
        "is_nothing_sent": is_nothing_sent,
        "readings": [one for one in access.readings_of(owner).order_by("-asked_at") if one.pk not in shown],
        "removed": removed,
        "has_ocr": ocr.is_available(),
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_mb": settings.UPLOAD_MAX_BYTES // 1024 // 1024,
        "max_files": settings.UPLOAD_MAX_FILES,
    }
    return render(request, "documents/list.html", context, status=status)


def _row(document: Document) -> dict[str, Any]:
    return {
        "document": document,
        "dated": edtf_in_words(document.dated),
        "theme": THEMES.get(document.theme, ""),
    }


def _just_removed(request: HttpRequest, owner: str) -> Document | None:
    address = request.GET.get("da-go")
    if not address or not owner:
        return None
    try:
        return access.removed_document_at(address, owner=owner)
    except access.NoSuchDocument:
        return None


@require_safe
def list_workbook(request: HttpRequest) -> HttpResponse:
    """The list as filtered, whole, as Excel."""
    documents = asked_for(_visible(request), ListForm(request.GET).asked())
    return download(list_as_workbook(documents), name="ke-hoach-da-doc.xlsx")


@require_safe
@refused_as_missing
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a worker is with a file: a line for the script, the list for everybody else."""
    found = access.reading_at(pk, owner=access.owner_of(request))
    if not request.headers.get("HX-Request"):
        if found.document is not None:
            return redirect("documents:plan", address=found.document.address)
        return redirect("documents:list")
    response = render(request, "documents/list.html#reading", {"reading": found})
    if found.document is not None:
        response["HX-Trigger"] = "van-ban-moi"
    return response


@require_POST
@refused_as_missing
def dismiss_reading(request: HttpRequest, pk: int) -> HttpResponse:
    plan_reading.dismiss(access.reading_at(pk, owner=access.owner_of(request)))
    return HttpResponse() if request.headers.get("HX-Request") else redirect("documents:list")


@require_POST
@refused_as_missing
def remove(request: HttpRequest, address: str) -> HttpResponse:
    document = access.own_document_at(address, owner=access.owner_of(request))
    plan_reading.remove(document, now=timezone.now())
    return redirect(f"{reverse('documents:list')}?{urlencode({'da-go': document.address})}")


@require_POST
@refused_as_missing
def take_back(request: HttpRequest, address: str) -> HttpResponse:
    document = access.removed_document_at(address, owner=access.owner_of(request))
    plan_reading.take_back(document)
    messages.success(request, f"Đã lấy lại «{document}».")
    return redirect("documents:list")


# --- one plan -------------------------------------------------------------------------------------


@require_safe
@refused_as_missing
def plan(request: HttpRequest, address: str) -> HttpResponse:
    """The structured plan beside its source, whole or filtered by kind and words."""
    document = _document_at(request, address)
    kinds = frozenset(request.GET.getlist("loai"))
    search = request.GET.get("tim", "").strip()[:200]
    page = plan_page(document.record, document.lines, kinds=kinds, search=search)
    chips = [(chip, _toggled(chip.key, kinds, search)) for chip in page.chips]
    context = {
        "document": document,
        "doc": document.record.get("doc") or {},
        "dated": dated_in_words(document.dated),
        "page": page,
        "lines": source_lines(document.lines, page.items(), document.record.get("structure") or []),
        "chips": chips,
        "all_address": _address(frozenset(), search),
        "kinds": sorted(kinds),
        "is_whole": not any(chip.is_chosen for chip in page.chips),
        "search": search,
        "marked_kinds": MARKED,
        "seed": document.record.get("seed") or {},
        "adopt_address": _adopt_address(document),
    }
    return render(request, "documents/plan.html", context)


def _adopt_address(document: Document) -> str:
    """Where a document is made a plan at work. That page is of an app above, known by its name only."""
    try:
        return reverse("plans:start", args=[document.address])
    except NoReverseMatch:
        return ""


def _toggled(key: str, kinds: frozenset[str], search: str) -> str:
    return _address(kinds ^ {key}, search)


def _address(kinds: frozenset[str], search: str) -> str:
    pairs = [("loai", kind) for kind in sorted(kinds)] + ([("tim", search)] if search else [])
    return "?" + urlencode(pairs)


@require_safe
@refused_as_missing
def record_json(request: HttpRequest, address: str) -> HttpResponse:
    document = _document_at(request, address)
    return download(
        (document.record_json + "\n").encode(),
        name=f"{_stem(document)}.json",
        content_type="application/json; charset=utf-8",
    )


@require_safe
@refused_as_missing
def record_yaml(request: HttpRequest, address: str) -> HttpResponse:
    document = _document_at(request, address)
    return download(
        record_as_yaml(document.record).encode(),
        name=f"{_stem(document)}.yaml",
        content_type="application/yaml; charset=utf-8",
    )


@require_safe
@refused_as_missing
def plan_workbook(request: HttpRequest, address: str) -> HttpResponse:
    document = _document_at(request, address)
    return download(plan_as_workbook(document.record, document.lines), name=f"{_stem(document)}.xlsx")


@require_safe
@refused_as_missing
def original(request: HttpRequest, address: str) -> FileResponse:
    """The file as it came in, always as a download: whatever is inside must not run on this site."""
    document = _document_at(request, address)
    return FileResponse(
        default_storage.open(document.file.place),
        as_attachment=True,
        filename=document.file_name,
        content_type="application/octet-stream",
    )


def _stem(document: Document) -> str:
    return PurePath(document.file_name).stem or "ke-hoach"
