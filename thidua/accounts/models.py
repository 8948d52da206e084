"""The user.

Our own class from the first migration, because changing it later means rewriting every reference.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from thidua.core.text import fold, nfc, person_sort_key


class User(AbstractUser):
    """A person who signs in. Personal data: name, post, telephone, e-mail address, last sign-in."""

    full_name = models.CharField("họ và tên", max_length=150, blank=True)
    #: As `core.text.person_sort_key` gives it.
    name_order = models.CharField("họ tên để xếp thứ tự", max_length=400, blank=True)
    #: Name, user name and e-mail address without accents; `rename` fills it.
    search_text = models.CharField("chữ để tìm", max_length=600, blank=True)
    position = models.CharField("chức vụ", max_length=150, blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    #: Made for demonstrations; can sign in only where THIDUA_DEMO is on.
    is_demo = models.BooleanField("tài khoản trình diễn", default=False)
    #: Under which heading, and where, the sign-in page of a demonstration shows the account.
    demo_group = models.CharField("nhóm trình diễn", max_length=200, blank=True)
    demo_order = models.PositiveIntegerField("thứ tự trình diễn", default=0)
    #: The password came from somebody else (an administrator, the set-up) and must be changed first.
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"

    def __str__(self) -> str:
        return self.full_name or self.username

    def rename(self, full_name: str) -> None:
        """Take a name, with the keys that lists order and search by. Does not save."""
        self.full_name = " ".join(nfc(full_name).split())
        self.name_order = person_sort_key(self.full_name.partition(" (")[0])
        self.search_text = fold(f"{self.full_name} {self.username} {self.email}")[:600]
