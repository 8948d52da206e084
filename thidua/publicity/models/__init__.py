"""What is shown to the public, and stories of good examples."""

from __future__ import annotations

from thidua.publicity.models.publications import Publication, PublicationState
from thidua.publicity.models.stories import (
    Consent,
    Copying,
    Picture,
    Proposal,
    ProposalState,
    Story,
    StoryColumn,
    StoryKind,
    StoryState,
)

__all__ = [
    "Consent",
    "Copying",
    "Picture",
    "Proposal",
    "ProposalState",
    "Publication",
    "PublicationState",
    "Story",
    "StoryColumn",
    "StoryKind",
    "StoryState",
]
