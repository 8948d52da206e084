"""Rows of resources: funds and their ledger."""

from __future__ import annotations

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

__all__ = [
    "Account",
    "Allocation",
    "AllocationState",
    "Donor",
    "DonorKind",
    "Fund",
    "FundClosing",
    "FundKind",
    "FundState",
    "Holding",
    "HoldingKind",
    "LedgerEntry",
    "Pledge",
    "PledgeState",
    "ProofFile",
    "Receipt",
    "ReceiptState",
    "RecipientKind",
    "UseProof",
]
