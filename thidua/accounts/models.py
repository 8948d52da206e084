"""The user.

Our own class from the first migration, because changing it later means rewriting every reference.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in. Personal data: name, post, telephone, e-mail address, last sign-in."""

    full_name = models.CharField("họ và tên", max_length=150, blank=True)
    #: As `core.text.person_sort_key` gives it.
    name_order = models.CharField("họ tên để xếp thứ tự", max_length=400, blank=True)
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
