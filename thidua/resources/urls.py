"""Addresses under /nguon-luc/."""

from __future__ import annotations

from django.urls import path

from thidua.resources.campaigns import views as campaigns
from thidua.resources.credit import views as credit
from thidua.resources.funds import views as funds
from thidua.resources.sponsorship import views as sponsorship

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
SPONSORSHIP_ACTS = (
    ("begin", "bat-dau"),
    ("add_item", "them-viec"),
    ("note_done", "xong-viec"),
    ("end", "ket-thuc"),
    ("drop", "bo"),
)
CAMPAIGN_ACTS = (
    ("list_visit", "them"),
    ("approve", "duyet"),
    ("visit", "da-tham"),
    ("drop_visit", "khong-tham"),
    ("finish", "ket-thuc"),
    ("drop", "bo"),
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
    path("do-dau/", sponsorship.sponsorships, name="sponsorships"),
    path("do-dau/moi/", sponsorship.new_sponsorship, name="new_sponsorship"),
    path("do-dau/tai-lieu/<int:pk>/", sponsorship.item_file, name="item_file"),
    path("do-dau/<int:pk>/", sponsorship.sponsorship, name="sponsorship"),
    *(
        path(f"do-dau/<int:pk>/{word}/", sponsorship.sponsorship_act, {"key": key}, name=f"sponsorship_{key}")
        for key, word in SPONSORSHIP_ACTS
    ),
    path("von-vay/", credit.credit, name="credit"),
    path("von-vay/mau.xlsx", credit.template, name="loan_template"),
    path("von-vay/<slug:key>/", credit.loans, name="loans"),
    path("von-vay/<slug:key>/nhap/", credit.hand_in, name="hand_in"),
    path("cao-diem/", campaigns.campaigns, name="campaigns"),
    path("cao-diem/moi/", campaigns.new_campaign, name="new_campaign"),
    path("cao-diem/<int:pk>/", campaigns.campaign, name="campaign"),
    *(
        path(f"cao-diem/<int:pk>/{word}/", campaigns.campaign_act, {"key": key}, name=f"campaign_{key}")
        for key, word in CAMPAIGN_ACTS
    ),
]
