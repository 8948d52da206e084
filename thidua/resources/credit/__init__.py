"""Loans of the policy bank to households, as facts from its Excel files, and what criteria ask of them."""
