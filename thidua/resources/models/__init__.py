"""Rows of resources: funds and their ledger, sponsored places, policy credit, campaigns."""

from __future__ import annotations

from thidua.resources.models.campaigns import Campaign, CampaignKind, CampaignState, GiftVisit, GiftVisitState
from thidua.resources.models.credit import CreditImport, LoanFact
from thidua.resources.models.funds import (
    Allocation,
    AllocationState,
    Donor,
    DonorKind,
    Fund,
    FundKind,
    FundState,
    Holding,
    HoldingKind,
    Pledge,
    PledgeState,
    ProofFile,
    Receipt,
    ReceiptState,
    RecipientKind,
    UseProof,
)
from thidua.resources.models.ledger import Account, FundClosing, LedgerEntry
from thidua.resources.models.sponsorship import (
    Sponsorship,
    SponsorshipKind,
    SponsorshipState,
    SupportItem,
)

__all__ = [
    "Account",
    "Allocation",
    "AllocationState",
    "Campaign",
    "CampaignKind",
    "CampaignState",
    "CreditImport",
    "Donor",
    "DonorKind",
    "Fund",
    "FundClosing",
    "FundKind",
    "FundState",
    "GiftVisit",
    "GiftVisitState",
    "Holding",
    "HoldingKind",
    "LedgerEntry",
    "LoanFact",
    "Pledge",
    "PledgeState",
    "ProofFile",
    "Receipt",
    "ReceiptState",
    "RecipientKind",
    "Sponsorship",
    "SponsorshipKind",
    "SponsorshipState",
    "SupportItem",
    "UseProof",
]
