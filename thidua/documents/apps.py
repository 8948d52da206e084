"""Files that come in and documents that go out.

Knows an uploaded file, its reading and the record that came out of it; hides formats of files and
the stages of the reader, which stand in `documents.reading` and know no Django.
"""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "thidua.documents"
    label = "documents"
    verbose_name = "Văn bản"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from thidua.documents.access import hand_over_at_sign_in

        user_logged_in.connect(hand_over_at_sign_in, dispatch_uid="documents.hand_over")
