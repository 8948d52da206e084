"""Names of the kinds of job of documents; apart, so that asking and doing need not import each other."""

from __future__ import annotations

READ_FILE = "documents.read_file"
PURGE_DOCUMENT = "documents.purge_document"
PURGE_FORGOTTEN = "documents.purge_forgotten"
SIGN_PAPER = "documents.sign_paper"
ISSUE_PAPER = "documents.issue_paper"
