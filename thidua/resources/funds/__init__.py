"""Funds of a body: pledges, receipts, allocations, proofs of use, and the ledger under them."""
