"""Our translations: compiled as they are written."""

from __future__ import annotations

import gettext
import re

from django.conf import settings

FOLDER = settings.LOCALE_PATHS[0] / "vi" / "LC_MESSAGES"


def test_compiled_translations_are_those_of_the_source() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    source = (FOLDER / "django.po").read_text(encoding="utf-8")
    single = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, flags=re.MULTILINE)
    plural = re.findall(
        r'^msgid "(.+)"\nmsgid_plural "(.+)"\nmsgstr\[0\] "(.+)"$', source, flags=re.MULTILINE
    )

    assert len(single) > 10
    assert [text for text, said in single if compiled.gettext(text) != said] == []
    assert [one for one, many, said in plural if compiled.ngettext(one, many, 2) != said] == []
