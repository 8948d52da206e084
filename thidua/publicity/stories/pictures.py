"""Pictures of stories: read, turned upright, made small, freed of where and with what they were taken.

Hides Pillow. A picture that is too large to open safely is refused before it is unpacked.
"""

from __future__ import annotations

import io
from datetime import datetime

from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from thidua.audit import log
from thidua.audit.log import Actor
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc
from thidua.documents.file_store import check_evidence, let_go, store
from thidua.publicity.models import Picture, Story

#: The longer side, in pixels: sharp on a page, small on the way.
LONGEST = 1600
MOST_PIXELS = 60_000_000
MOST_PICTURES = 8
QUALITY = 82


def add_picture(
    story: Story,
    *,
    name: str,
    raw: bytes,
    alternative: str,
    caption: str = "",
    actor: Actor,
    now: datetime,
) -> Picture:
    """Raises RuleNotMet for what is no picture, too large, or has no words."""
    actor.require("story.write", story)
    what = "Chưa nhận được ảnh"
    if not story.is_open:
        raise RuleNotMet(
            what, why="bài đang chờ duyệt hoặc đã đăng", next_step="Rút bài về nháp rồi thêm ảnh"
        )
    if not alternative.strip():
        raise RuleNotMet(
            what,
            why="chưa có mô tả cho người không nhìn thấy ảnh",
            next_step="Ghi trong ảnh có ai, đang làm gì, ở đâu",
        )
    if story.pictures.count() >= MOST_PICTURES:
        raise RuleNotMet(what, why=f"bài đã có {MOST_PICTURES} ảnh", next_step="Bỏ bớt một ảnh rồi thêm")
    check_evidence(raw, file_name=name)
    small, width, height = made_small(raw)
    with transaction.atomic():
        picture = Picture.objects.create(
            story=story,
            file=store(small),
            alternative=nfc(alternative).strip(),
            caption=nfc(caption).strip(),
            width=width,
            height=height,
            added_at=now,
        )
        log.record(
            "publicity.story.picture",
            story,
            label="Thêm ảnh",
            actor=actor,
            now=now,
            object_unit_id=story.unit_id,
        )
    return picture


def drop_picture(picture: Picture, *, actor: Actor, now: datetime) -> None:
    story = picture.story
    actor.require("story.write", story)
    if not story.is_open:
        raise RuleNotMet(
            "Chưa bỏ được ảnh", why="bài không còn là nháp", next_step="Rút bài về nháp rồi bỏ ảnh"
        )
    file = picture.file
    with transaction.atomic():
        picture.delete()
        let_go(file)
        log.record(
            "publicity.story.drop_picture",
            story,
            label="Bỏ ảnh",
            actor=actor,
            now=now,
            object_unit_id=story.unit_id,
        )


def made_small(raw: bytes) -> tuple[bytes, int, int]:
    """JPEG bytes with width and height; nothing of the camera's notes (place, device) stays."""
    refusal = RuleNotMet(
        "Chưa nhận được ảnh",
        why="tệp không phải ảnh đọc được (JPEG, PNG, WebP), hoặc ảnh quá lớn",
        next_step="Chọn ảnh khác, hoặc lưu lại thành JPEG",
    )
    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise refusal
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST, LONGEST))
            if upright.mode in ("RGBA", "LA", "P"):
                layer = upright.convert("RGBA")
                flat = Image.new("RGB", layer.size, "white")
                flat.paste(layer, mask=layer.getchannel("A"))
            else:
                flat = upright.convert("RGB")
            out = io.BytesIO()
            flat.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise refusal from error
    return out.getvalue(), flat.width, flat.height
