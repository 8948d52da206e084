"""The demonstration's portal: the adopted sample plans and an issued paper, published by their officers."""

from __future__ import annotations

import io
import math
from datetime import date, datetime

from PIL import Image, ImageDraw

from thidua.accounts.models import User
from thidua.audit.log import Actor, System
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.movements.models import Plan
from thidua.organisations import tree
from thidua.organisations.authority import acting
from thidua.organisations.models import Mandate, Role
from thidua.publicity import publishing
from thidua.publicity.models import Story
from thidua.publicity.stories import pictures, writing

SUMMARY = "Kế hoạch mẫu của bản trình diễn: người dân xem được chỉ tiêu, tiến độ và nguồn số liệu."


def load(*, on: date, now: datetime) -> int:
    """Publish what the invented officers may publish; how many things are new. May be repeated."""
    new = 0
    plans = Plan.objects.filter(pk__in=publishing.in_force().values("plan_id")).order_by("pk")
    for plan in plans:
        officer = _officer([plan.owner_id, plan.standing_body_id], on=on)
        if officer is not None and publishing.of(plan, now=now).pk is None:
            publishing.publish(plan, summary=SUMMARY, shows_file=True, actor=officer, now=now)
            new += 1
    for paper in OutgoingPaper.objects.filter(state=PaperState.ISSUED, drafted_by__is_demo=True).order_by(
        "pk"
    ):
        officer = _officer([paper.unit_id], on=on)
        if officer is not None and publishing.of(paper, now=now).pk is None:
            publishing.publish(paper, actor=officer, now=now)
            new += 1
    return new + load_stories(on=on, now=now)


def _officer(units: list[int | None], *, on: date) -> Actor | None:
    """An invented person who may publish for one of the units; the program for a body that has ended."""
    alive = [unit for unit in units if unit and tree.version_on(unit, on=on) is not None]
    if not alive:
        return System(on=on, name="Bản trình diễn")
    mandates = Mandate.objects.filter(
        unit_id__in=alive,
        role__in=(Role.STANDING, Role.LEADER),
        user__is_demo=True,
        since__lte=on,
        until__gt=on,
        revoked_at__isnull=True,
    )
    user_id = mandates.order_by("pk").values_list("user_id", flat=True).first()
    return acting(User.objects.get(pk=user_id), on=on) if user_id else None


# --- stories ----------------------------------------------------------------------------------------------

LABELLED = "Đây là bài ví dụ của bản trình diễn, không có thật."
#: Invented, and labelled so: kind, title, about whom, summary, text.
STORIES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "mo_hinh",
        "Tổ đổi công làm đường vào bản",
        "Một bản ở huyện Phong Thổ (ví dụ)",
        "Mỗi nhà góp mười ngày công, đường vào bản xong trước mùa mưa.",
        "Trưởng bản chia tổ theo ngõ, ghi công lên bảng ở "
        "nhà văn hóa để ai cũng xem được. Nhà neo người làm việc nhẹ, nhà có máy góp máy.\n\n"
        "Sau hai tháng, đường bê tông vào bản hoàn thành, học sinh đi học không phải lội suối.",
    ),
    (
        "guong",
        "Người giữ sổ tiết kiệm của tổ phụ nữ",
        "Một chi hội phụ nữ (ví dụ)",
        "Mỗi tuần một ít, tổ đã giúp nhiều chị em có vốn nuôi lợn giống.",
        "Tổ họp vào tối thứ bảy, thu và cho vay ngay tại "
        "cuộc họp, sổ để mở trên bàn. Ai vay cũng nói rõ làm gì, ai đến hạn cũng trả đúng ngày.",
    ),
    (
        "sang_kien",
        "Phiếu một trang để rà soát việc đã giao",
        "Một phòng chuyên môn (ví dụ)",
        "Thay báo cáo dài bằng một trang: việc, hạn, người làm, vướng gì.",
        "Mỗi sáng thứ hai, cả phòng xem một tờ giấy. "
        "Việc quá hạn viết lên đầu. Cuộc họp giao ban còn hai mươi phút, việc chậm giảm rõ.",
    ),
)


def load_stories(*, on: date, now: datetime) -> int:
    """Write and publish the invented stories in the name of an invented officer, once."""
    mandates = Mandate.objects.filter(
        user__is_demo=True, role=Role.STANDING, since__lte=on, until__gt=on, revoked_at__isnull=True
    )
    held = mandates.select_related("unit", "user").order_by("pk")
    # A body that has ended writes nothing any more.
    mandate = next((one for one in held if tree.version_on(one.unit_id, on=on) is not None), None)
    if mandate is None or Story.objects.exists():
        return 0
    officer = acting(mandate.user, on=on)
    plan = publishing.public_plans().filter(standing_body=mandate.unit).order_by("pk").first()
    for number, (kind, title, subject, lead, text) in enumerate(STORIES):
        story = writing.draft(
            writing.Written(
                kind=kind,
                title=title,
                subject=subject,
                lead=lead,
                text=f"{LABELLED}\n\n{text}",
                movement=plan.movement if plan else None,
            ),
            unit=mandate.unit,
            publisher=mandate.unit,
            actor=officer,
            now=now,
        )
        writing.note_consent(
            story, giver="Người được nêu (ví dụ)", given_on=on, how="Ví dụ", actor=officer, now=now
        )
        pictures.add_picture(
            story,
            name="hinh.png",
            raw=_drawn(number),
            alternative="Hình vẽ đồi núi và mặt trời, dùng làm ví dụ",
            caption="Hình ví dụ",
            actor=officer,
            now=now,
        )
        writing.offer(story, actor=officer, now=now)
        writing.publish(story, actor=officer, now=now)
    return len(STORIES)


def _drawn(number: int) -> bytes:
    """A plain picture of hills and a sun, so that no real person or place stands for an invented story."""
    skies = ("#f6e3c5", "#dbe8f0", "#f3dcd6")
    hills = (
        ("#8fae8b", "#5f8a68", "#3c6a4d"),
        ("#9db3c4", "#6d8ba3", "#47657e"),
        ("#c79a8c", "#a66a5d", "#7f4239"),
    )
    image = Image.new("RGB", (1200, 675), skies[number % 3])
    draw = ImageDraw.Draw(image)
    draw.ellipse((860, 90, 1010, 240), fill="#e7b95a")
    for place, colour in enumerate(hills[number % 3]):
        top = 330 + 90 * place
        points = [
            (x, top + int(60 * math.sin(x / (150 + 40 * place) + 1.7 * place + number)))
            for x in range(0, 1201, 20)
        ]
        draw.polygon([*points, (1200, 675), (0, 675)], fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
