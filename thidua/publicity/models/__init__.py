"""What is shown to the public, and stories of good examples."""

from __future__ import annotations

from thidua.publicity.models.publications import Publication, PublicationState

__all__ = ["Publication", "PublicationState"]
