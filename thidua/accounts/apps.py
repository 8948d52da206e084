"""Who signs in.

Knows the user and nothing about units or roles, which are mandates in `organisations`;
hides how passwords are kept and which
packages walk through the steps of a sign-in.
"""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "thidua.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        from thidua.accounts.listening import listen

        listen()
