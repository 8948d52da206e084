"""Addresses under /nguon-luc/."""

from __future__ import annotations

from django.urls import path

from thidua.resources.funds import views as funds

app_name = "resources"

#: Act and the last part of its address.
FUND_ACTS = (
    ("receive", "nhan"),
    ("pledge", "cam-ket"),
    ("propose", "phan-bo"),
    ("close_books", "khoa-so"),
    ("mend", "sua"),
    ("close", "dong"),
    ("reopen", "mo-lai"),
)
PLEDGE_ACTS = (("receive", "nhan"), ("drop", "bo"))
RECEIPT_ACTS = (("reverse", "huy"),)
ALLOCATION_ACTS = (
    ("approve", "duyet"),
    ("refuse", "khong-duyet"),
    ("prove", "chung-minh"),
    ("give_back", "nop-lai"),
    ("reverse", "thu-hoi"),
    ("reverse_proof", "huy-chung-minh"),
)

urlpatterns = [
    path("", funds.funds, name="funds"),
    path("quy/moi/", funds.new_fund, name="new_fund"),
    path("quy/<int:pk>/", funds.fund, name="fund"),
    path("quy/<int:pk>/so-cai/", funds.books, name="books"),
    path("quy/<int:pk>/thu-chi/", funds.statement_page, name="statement"),
    *(
        path(f"quy/<int:pk>/{word}/", funds.fund_act, {"key": key}, name=f"fund_{key}")
        for key, word in FUND_ACTS
    ),
    path("bien-nhan/", funds.receipts, name="receipts"),
    path("bien-nhan/<int:pk>/", funds.receipt, name="receipt"),
    path("bien-nhan/<int:pk>/in/", funds.receipt_paper, name="receipt_paper"),
    *(
        path(f"bien-nhan/<int:pk>/{word}/", funds.receipt_act, {"key": key}, name=f"receipt_{key}")
        for key, word in RECEIPT_ACTS
    ),
    path("cam-ket/", funds.pledges, name="pledges"),
    path("cam-ket/<int:pk>/", funds.pledge, name="pledge"),
    *(
        path(f"cam-ket/<int:pk>/{word}/", funds.pledge_act, {"key": key}, name=f"pledge_{key}")
        for key, word in PLEDGE_ACTS
    ),
    path("phan-bo/", funds.allocations, name="allocations"),
    path("phan-bo/<int:pk>/", funds.allocation, name="allocation"),
    path("phan-bo/tai-lieu/<int:pk>/", funds.proof_file, name="proof_file"),
    *(
        path(f"phan-bo/<int:pk>/{word}/", funds.allocation_act, {"key": key}, name=f"allocation_{key}")
        for key, word in ALLOCATION_ACTS
    ),
]
