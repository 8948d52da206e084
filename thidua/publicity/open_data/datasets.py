"""The datasets of the portal: what each holds, field by field, and its rows.

Each gives only what the pages of the portal give. Hides how rows are made; all are plain texts and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from thidua.organisations import tree
from thidua.oversight.difficulties.public import public_answers
from thidua.publicity.open_data.figures import public_figures
from thidua.publicity.portal.awarded import awards_shown, public_awards
from thidua.publicity.portal.judged import judged_for_all
from thidua.publicity.portal.shown import plans_shown
from thidua.publicity.portal.stories import public_stories, stories_shown
from thidua.publicity.publishing import public_targets
from thidua.resources.public_funds import public_funds

Value = str | int | Decimal | None
LICENCE = "https://creativecommons.org/licenses/by/4.0/deed.vi"
LICENCE_NAME = "CC BY 4.0: dùng tự do, ghi nguồn"
#: No dataset of this size has been met; a file larger than this would not be quick to fetch.
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    #: text, number, date, year: what a reader of the file may expect.
    type: str
    about: str


@dataclass(frozen=True, slots=True)
class Dataset:
    key: str
    title: str
    about: str
    words: tuple[str, ...]
    fields: tuple[Field, ...]
    #: Rows of a day, values in the order of the fields.
    rows: Callable[[date], Iterable[tuple[Value, ...]]]


def _plans(on: date) -> Iterable[tuple[Value, ...]]:
    for one in plans_shown(on=on):
        plan = one.plan
        yield (
            plan.pk,
            plan.number,
            plan.title,
            one.issuer,
            plan.dated,
            plan.movement.name,
            one.tasks,
            one.tasks_done,
        )


def _targets(on: date) -> Iterable[tuple[Value, ...]]:
    rows = judged_for_all(public_targets(), on=on)
    labels = tree.labels_on({one.target.plan.owner_id for one in rows if one.target.plan.owner_id}, on=on)
    for one in rows:
        target = one.target
        yield (
            target.pk,
            target.plan_id,
            labels.get(target.plan.owner_id or 0, target.plan.owner_name),
            target.label,
            one.words,
            target.first_year,
            target.last_year,
            one.judged.unit_label,
            one.reached,
            one.label,
            on.isoformat(),
            "; ".join(one.sources),
        )


def _figures(on: date) -> Iterable[tuple[Value, ...]]:
    for one in public_figures(on=on):
        yield (
            one.indicator.code,
            one.indicator.name,
            one.indicator.measure,
            one.unit,
            one.since.isoformat(),
            (one.until - timedelta(days=1)).isoformat(),
            one.segment,
            one.amount.quantize(Decimal(1)) if one.amount is not None else None,
            "có" if one.amount is None else "không",
            one.reported,
            one.expected,
        )


def _stories(on: date) -> Iterable[tuple[Value, ...]]:
    for one in stories_shown(public_stories(), on=on, most=MOST_ROWS):
        story = one.story
        moment = story.published_at.isoformat() if story.published_at else ""
        yield story.pk, str(story.get_kind_display()), story.title, story.lead, one.unit, moment, one.address


def _awards(on: date) -> Iterable[tuple[Value, ...]]:
    for one in awards_shown(public_awards(on=on)[:MOST_ROWS], on=on):
        award = one.award
        yield (
            award.name,
            one.subject_type,
            one.unit,
            award.form_name,
            one.level,
            award.movement,
            award.decision_number,
            award.decided_on.isoformat(),
            award.issuer_name,
            "có" if award.is_invented else "không",
        )


def _funds(on: date) -> Iterable[tuple[Value, ...]]:
    for fund in public_funds(on=on):
        for holding, given, held, on_the_way, used in fund.totals:
            yield fund.key, fund.name, fund.keeper, fund.purpose, holding, given, held, on_the_way, used


def _answers(on: date) -> Iterable[tuple[Value, ...]]:
    for one in public_answers(most=MOST_ROWS):
        yield one.key, one.question, one.answer, one.answered_on.isoformat(), one.plan, one.movement


DATASETS: tuple[Dataset, ...] = (
    Dataset(
        "ke-hoach",
        "Kế hoạch thi đua",
        "Các kế hoạch đang công khai, với số nhiệm vụ đã giao và đã hoàn thành.",
        ("kế hoạch", "thi đua"),
        (
            Field("ma", "number", "Mã của kế hoạch trên cổng"),
            Field("so_ky_hieu", "text", "Số, ký hiệu văn bản"),
            Field("trich_yeu", "text", "Trích yếu"),
            Field("co_quan", "text", "Cơ quan ban hành"),
            Field("ngay", "date", "Ngày ban hành; chỉ năm hoặc năm-tháng khi văn bản không ghi đủ"),
            Field("phong_trao", "text", "Phong trào"),
            Field("nhiem_vu", "number", "Số nhiệm vụ đã giao"),
            Field("nhiem_vu_xong", "number", "Số nhiệm vụ được xác nhận hoàn thành"),
        ),
        _plans,
    ),
    Dataset(
        "chi-tieu",
        "Chỉ tiêu và kết luận",
        "Chỉ tiêu của các kế hoạch đang công khai, số đạt được và kết luận của chương trình vào ngày tải.",
        ("chỉ tiêu", "tiến độ"),
        (
            Field("ma", "number", "Mã của chỉ tiêu trên cổng"),
            Field("ke_hoach", "number", "Mã kế hoạch, nối với bộ «Kế hoạch thi đua»"),
            Field("co_quan", "text", "Cơ quan đặt chỉ tiêu"),
            Field("chi_tieu", "text", "Tên chỉ tiêu"),
            Field("muc_dat_ra", "text", "Mức đặt ra"),
            Field("tu_nam", "year", "Năm đầu"),
            Field("den_nam", "year", "Năm cuối"),
            Field("dia_ban", "text", "Địa bàn được đo"),
            Field("dat_duoc", "text", "Số đạt được gần nhất; trống khi chưa có hoặc được giữ lại"),
            Field("ket_luan", "text", "Đạt, Đúng tiến độ, Chậm tiến độ, Không đạt, Chưa xác định được"),
            Field("tinh_den", "date", "Ngày kết luận"),
            Field("nguon", "text", "Nguồn số liệu"),
        ),
        _targets,
    ),
    Dataset(
        "so-lieu",
        "Số đếm theo địa bàn",
        "Số đếm đứng sau các chỉ tiêu, theo địa bàn và kỳ. Số về quá ít người, hộ được giữ lại.",
        ("số liệu", "địa bàn"),
        (
            Field("ma_chi_tieu", "text", "Mã chỉ tiêu thống kê"),
            Field("chi_tieu", "text", "Tên chỉ tiêu thống kê"),
            Field("don_vi_tinh", "text", "Đơn vị tính"),
            Field("dia_ban", "text", "Địa bàn"),
            Field("tu_ngay", "date", "Ngày đầu của kỳ"),
            Field("den_ngay", "date", "Ngày cuối của kỳ"),
            Field("phan_to", "text", "Phân tổ; trống là toàn bộ"),
            Field("so", "number", "Số đếm; trống khi được giữ lại"),
            Field("giu_lai", "text", "có: số được giữ lại để không ai bị nhận ra"),
            Field("da_bao_cao", "number", "Số đơn vị đã báo cáo"),
            Field("phai_bao_cao", "number", "Số đơn vị phải báo cáo"),
        ),
        _figures,
    ),
    Dataset(
        "guong-sang",
        "Gương sáng, sáng kiến, mô hình",
        "Các bài đang đăng. Bài bị gỡ thì không còn ở lần tải sau.",
        ("gương tốt", "sáng kiến", "mô hình"),
        (
            Field("ma", "number", "Mã bài"),
            Field("loai", "text", "Loại"),
            Field("tieu_de", "text", "Tiêu đề"),
            Field("tom_tat", "text", "Tóm tắt"),
            Field("don_vi", "text", "Đơn vị viết"),
            Field("dang_luc", "date", "Lúc đăng"),
            Field("dia_chi", "text", "Đường dẫn trên cổng"),
        ),
        _stories,
    ),
    Dataset(
        "khen-thuong",
        "Khen thưởng",
        "Khoản còn hiệu lực, có số và ngày quyết định. Khoản bị hủy bỏ thì không còn khi tải lại.",
        ("khen thưởng", "quyết định"),
        (
            Field("ten", "text", "Tên ghi trong quyết định; hộ gia đình không được nêu tên"),
            Field("doi_tuong", "text", "Loại đối tượng"),
            Field("don_vi", "text", "Đơn vị của cá nhân, xã của hộ; trống khi chính đơn vị được khen"),
            Field("hinh_thuc", "text", "Hình thức khen thưởng"),
            Field("cap", "text", "Cấp khen thưởng; trống khi chưa rõ"),
            Field("phong_trao", "text", "Phong trào, nếu khen theo phong trào"),
            Field("so_quyet_dinh", "text", "Số quyết định"),
            Field("ngay", "date", "Ngày quyết định"),
            Field("co_quan", "text", "Cơ quan quyết định"),
            Field("vi_du", "text", "có: khoản ví dụ của bản trình diễn, không có thật"),
        ),
        _awards,
    ),
    Dataset(
        "quy",
        "Quỹ",
        "Số thu, số còn, số chờ chứng từ và số đã dùng của các quỹ công khai, không có tên người, hộ nhận.",
        ("quỹ", "vận động nguồn lực"),
        (
            Field("ma", "number", "Mã quỹ"),
            Field("quy", "text", "Tên quỹ"),
            Field("co_quan", "text", "Cơ quan giữ quỹ"),
            Field("muc_dich", "text", "Mục đích"),
            Field("loai", "text", "Tiền, hiện vật hay ngày công"),
            Field("da_nhan", "text", "Đã nhận"),
            Field("con_lai", "text", "Còn lại"),
            Field("cho_chung_tu", "text", "Đã chuyển, chờ chứng từ"),
            Field("da_dung", "text", "Đã dùng, có chứng từ"),
        ),
        _funds,
    ),
    Dataset(
        "tra-loi",
        "Trả lời khó khăn, vướng mắc",
        "Câu hỏi và câu trả lời được công khai trong quá trình thực hiện các kế hoạch.",
        ("vướng mắc", "hướng dẫn"),
        (
            Field("ma", "number", "Mã"),
            Field("cau_hoi", "text", "Vướng mắc"),
            Field("tra_loi", "text", "Trả lời"),
            Field("ngay", "date", "Ngày trả lời"),
            Field("ke_hoach", "text", "Kế hoạch"),
            Field("phong_trao", "text", "Phong trào"),
        ),
        _answers,
    ),
)


def dataset(key: str) -> Dataset | None:
    return next((one for one in DATASETS if one.key == key), None)
