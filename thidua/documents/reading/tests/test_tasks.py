"""Tasks of small invented plans: who, what lines, by when."""

from typing import Any

import pytest

from thidua.documents.reading.context import Context
from thidua.documents.reading.model import Line, SourceText
from thidua.documents.reading.outline import outline_of
from thidua.documents.reading.tasks import find_tasks, sentences

_ISSUER = "Sở Mẫu tỉnh Thử Nghiệm"
_FIRST_LINE = 5


def _tasks(
    *body: str, heading: str = "V. TỔ CHỨC THỰC HIỆN", issuer: str | None = _ISSUER
) -> list[dict[str, Any]]:
    """The tasks of a plan whose section `heading` holds the lines of `body`, numbered from line 5 on."""
    text = ["KẾ HOẠCH", "Tổ chức phong trào thi đua", "Sở Mẫu xây dựng kế hoạch như sau:", heading, *body]
    source = SourceText(
        lines=tuple(Line(number, line) for number, line in enumerate(text, 1)), format="txt", sha256=""
    )
    return find_tasks(outline_of(source), Context(issuer=issuer))


def _brief(tasks: list[dict[str, Any]]) -> list[tuple[list[int], list[str], dict[str, Any] | None]]:
    return [(task["lines"], task["lead"], _bare(task["deadline"])) for task in tasks]


def _bare(deadline: dict[str, Any] | None) -> dict[str, Any] | None:
    return {k: v for k, v in deadline.items() if k not in ("raw", "applies_to")} if deadline else None


def test_sentence_without_actor_belongs_to_the_issuer() -> None:
    (task,) = _tasks("1. Đẩy mạnh tuyên truyền về phong trào.")

    assert (task["lead"], task["lead_explicit"], task["id"]) == ([_ISSUER], False, "K1")


def test_sentence_without_actor_has_no_lead_when_the_issuer_is_unknown() -> None:
    (task,) = _tasks("1. Đẩy mạnh tuyên truyền về phong trào.", issuer=None)

    assert task["lead"] == []


def test_actor_goes_on_in_the_next_sentence() -> None:
    assert _brief(_tasks("1. Các phòng, đơn vị tổ chức phát động. Đề xuất khen thưởng kịp thời.")) == [
        ([5], ["Các phòng, đơn vị"], None)
    ]


def test_change_of_actor_gives_another_task() -> None:
    tasks = _tasks(
        "1. Các xã gửi báo cáo trước ngày 10/11/2024; Phòng Nội vụ tổng hợp, báo cáo UBND huyện "
        "trước ngày 20/11/2024."
    )

    assert _brief(tasks) == [
        ([5], ["Các xã"], {"year": 2024, "month": 11, "day": 10, "bound": "before"}),
        ([5], ["Phòng Nội vụ"], {"year": 2024, "month": 11, "day": 20, "bound": "before"}),
    ]


def test_lead_in_line_names_the_actor_of_its_bullets() -> None:
    tasks = _tasks(
        "1. Giao Văn phòng Sở:",
        "- Theo dõi, đôn đốc các đơn vị.",
        "- Tổng hợp báo cáo trước ngày 15/12/2024.",
    )

    assert _brief(tasks) == [
        ([5, 6], ["Văn phòng Sở"], None),
        ([5, 7], ["Văn phòng Sở"], {"year": 2024, "month": 12, "day": 15, "bound": "before"}),
    ]
    assert {task["modality"] for task in tasks} == {"giao"}


def test_heading_that_is_a_body_charges_what_stands_below() -> None:
    assert _brief(_tasks("1. Sở Nội vụ", "- Hướng dẫn, kiểm tra việc thực hiện.")) == [
        ([5, 6], ["Sở Nội vụ"], None)
    ]


def test_label_that_is_a_body_charges_what_follows() -> None:
    assert _brief(_tasks("1. Công an xã, Ban Chỉ huy Quân sự xã: phối hợp bảo đảm trật tự.")) == [
        ([5], ["Công an xã", "Ban Chỉ huy Quân sự xã"], None)
    ]


def test_reviews_of_two_years_are_one_task() -> None:
    assert _brief(
        _tasks("1. Văn phòng tham mưu tổ chức sơ kết vào năm 2024, tổng kết phong trào vào năm 2026.")
    ) == [([5], ["Văn phòng"], {"so_ket": 2024, "tong_ket": 2026})]


def test_one_year_for_both_reviews_applies_to_the_last() -> None:
    (task,) = _tasks("1. Các đơn vị sơ kết, đánh giá và tiến hành tổng kết phong trào vào năm 2026.")

    assert task["deadline"] == {"year": 2026, "raw": "vào năm 2026", "applies_to": "tổng kết"}


def test_label_of_time_is_the_deadline() -> None:
    assert _brief(_tasks("1. Năm 2024: các đơn vị tiến hành sơ kết.", heading="IV. TIẾN ĐỘ THỰC HIỆN")) == [
        ([5], ["Các đơn vị"], {"year": 2024})
    ]


def test_finishing_clause_gives_its_time_to_the_work_before() -> None:
    expected = {"year": 2024, "quarter": 2, "bound": "within"}

    assert _brief(_tasks("1. Các thôn dựng biển chỉ dẫn; hoàn thành trong quý II/2024.")) == [
        ([5], ["Các thôn"], expected)
    ]
    assert _brief(_tasks("1. Các thôn khởi công trong tháng 3/2024, xong trước ngày 30/6/2024.")) == [
        ([5], ["Các thôn"], {"year": 2024, "month": 6, "day": 30, "bound": "before"})
    ]


def test_passing_on_a_report_charges_the_receiver() -> None:
    tasks = _tasks(
        "1. Các xã gửi báo cáo về Phòng Nội vụ trước ngày 05/12/2024 để tổng hợp, báo cáo UBND huyện "
        "chậm nhất ngày 20/12/2024."
    )

    assert [task["lead"] for task in tasks] == [["Các xã"], ["Phòng Nội vụ"]]


def test_yearly_work_and_a_dated_review_are_two_tasks() -> None:
    tasks = _tasks("1. Phòng Nội vụ đôn đốc các xã hằng năm và tiến hành tổng kết phong trào vào năm 2026.")

    assert [(_bare(task["deadline"]), task.get("recurrence")) for task in tasks] == [
        (None, "annual"),
        ({"year": 2026}, None),
    ]


def test_what_several_bodies_are_asked_by_one_verb_is_one_task() -> None:
    assert _brief(
        _tasks("1. Vận động các cơ quan, tổ chức giúp đỡ thôn nghèo; đảng viên giúp đỡ hộ nghèo.")
    ) == [([5], ["Các cơ quan, tổ chức", "Đảng viên"], None)]


def test_targets_and_statements_are_no_tasks() -> None:
    assert (
        _tasks(
            "1. Phấn đấu 100% hộ gia đình đăng ký tham gia.",
            "2. Tỷ lệ hộ nghèo giảm trên 3%/năm.",
            "3. Phong trào thi đua phải thiết thực, hiệu quả.",
            "4. Kế hoạch này có hiệu lực từ ngày ký.",
            heading="II. NỘI DUNG THI ĐUA",
        )
        == []
    )


@pytest.mark.parametrize(
    "heading", ["I. MỤC ĐÍCH", "III. ĐỐI TƯỢNG, TIÊU CHÍ THI ĐUA", "III. HÌNH THỨC KHEN THƯỞNG"]
)
def test_purposes_subjects_and_awards_give_no_tasks(heading: str) -> None:
    assert _tasks("1. Các đơn vị tích cực tuyên truyền, vận động.", heading=heading) == []


def test_requirement_gives_a_task_only_with_an_actor_and_a_time() -> None:
    tasks = _tasks(
        "a) Các đơn vị triển khai sâu rộng phong trào.",
        "b) Đến năm 2025, các đơn vị tiến hành tổng kết phong trào.",
        heading="I. YÊU CẦU",
    )

    assert _brief(tasks) == [([6], ["Các đơn vị"], {"year": 2025})]


def test_announcement_at_the_end_asks_the_bodies_it_names() -> None:
    (task,) = _tasks("Trên đây là Kế hoạch tổ chức phong trào, yêu cầu các đơn vị nghiêm túc thực hiện./.")

    assert (task["lead"], task["modality"]) == (["Các đơn vị"], "yeu_cau")


def test_details_of_a_task() -> None:
    (task,) = _tasks(
        "1. Phòng Nội vụ chủ trì, phối hợp với Phòng Tài chính báo cáo Sở Nội vụ trước ngày 20 tháng 11 "
        "hằng năm."
    )

    assert (task["modality"], task["coordinate_with"], task["report_to"], task["recurrence"]) == (
        "chu_tri",
        ["Phòng Tài chính"],
        ["Sở Nội vụ"],
        "annual",
    )


def test_condition_of_a_task() -> None:
    (task,) = _tasks("1. Các đơn vị, trong trường hợp cần thiết, xây dựng hướng dẫn riêng.")

    assert task["conditional"] == "trong trường hợp cần thiết"


def test_table_of_assignments_gives_a_task_for_each_row() -> None:
    tasks = _tasks(
        *("TT", "Nhiệm vụ", "Lãnh đạo phụ trách", "Chủ trì", "Phối hợp", "Thời gian"),
        *("1", "Rà soát danh sách", "Phó Giám đốc", "Phòng Nội vụ", "Các xã", "Trước 31/3/2024"),
        *("2", "Tổng hợp kết quả", "Giám đốc", "Văn phòng", "Các phòng", "Quý IV/2024"),
    )

    assert _brief(tasks) == [
        (list(range(11, 17)), ["Phòng Nội vụ"], {"year": 2024, "month": 3, "day": 31, "bound": "before"}),
        (list(range(17, 23)), ["Văn phòng"], {"year": 2024, "quarter": 4}),
    ]
    assert (tasks[0]["supervisor"], tasks[0]["coordinate_with"]) == ("Phó Giám đốc", ["Các xã"])


def test_labels_after_a_task_say_who_with_whom_and_when() -> None:
    """ "Thời gian: …. Chủ trì: …. Phối hợp: …" after the work, in its paragraph or in brackets."""
    (task,) = _tasks(
        "1. Tổ chức lễ ra quân. Thời gian: xong trước ngày 15/4/2031. Đơn vị chủ trì: Phòng Văn hóa. "
        "Đơn vị phối hợp: Đoàn Thanh niên xã."
    )
    assert task["lead"] == ["Phòng Văn hóa"]
    assert task["coordinate_with"] == ["Đoàn Thanh niên xã"]
    assert _bare(task["deadline"]) == {"year": 2031, "month": 4, "day": 15, "bound": "before"}
    (task,) = _tasks("1. Mở 03 lớp tập huấn (chủ trì: Trạm Y tế; thời gian: quý II/2031).")
    assert task["lead"] == ["Trạm Y tế"]
    assert _bare(task["deadline"]) == {"year": 2031, "quarter": 2}


def test_a_sentence_after_a_label_is_a_task_again() -> None:
    """A label reaches no further than its sentence."""
    first, second = _tasks(
        "1. Phòng Nội vụ tổ chức lễ ra quân. Thời gian: ngày 15/4/2031. Các xã báo cáo trước ngày 20/6/2031."
    )
    assert _bare(first["deadline"]) == {"year": 2031, "month": 4, "day": 15}
    assert second["lead"] == ["Các xã"]
    assert _bare(second["deadline"]) == {"year": 2031, "month": 6, "day": 20, "bound": "before"}


def test_lines_of_labels_belong_to_the_work_above() -> None:
    """Labels as bullets below the work make one task with it."""
    (task,) = _tasks(
        "1. Tổ chức hội thi",
        "- Đơn vị chủ trì: Hội Phụ nữ xã.",
        "- Đơn vị phối hợp: Trường Tiểu học Hoa Sen.",
        "- Thời gian hoàn thành: tháng 10/2031.",
    )
    assert task["lead"] == ["Hội Phụ nữ xã"]
    assert task["coordinate_with"] == ["Trường Tiểu học Hoa Sen"]
    assert _bare(task["deadline"]) == {"year": 2031, "month": 10}


def test_steps_of_one_task_span_its_time() -> None:
    """ "đợt 1 từ …; đợt 2 từ …" are no tasks of their own."""
    (task,) = _tasks("1. Phát động thi đua: đợt 1 từ 01/4 đến 30/6/2031; đợt 2 từ 01/7 đến 30/9/2031.")
    assert _bare(task["deadline"]) == {"from": "2031-04-01", "to": "2031-09-30"}
    assert len(_tasks("1. Sở Y tế: đợt 1 khám cho 100 người; đợt 2 mở lớp tại 03 xã.")) > 0


def test_reviews_on_two_days_are_two_tasks() -> None:
    """A semicolon between two reviews with a day each keeps both days."""
    tasks = _tasks("1. Phòng Nội vụ sơ kết trước ngày 30/6/2031; tổng kết trước ngày 15/12/2032.")
    assert [_bare(task["deadline"]) for task in tasks] == [
        {"year": 2031, "month": 6, "day": 30, "bound": "before"},
        {"year": 2032, "month": 12, "day": 15, "bound": "before"},
    ]
    (task,) = _tasks("1. Phòng Nội vụ sơ kết (trước ngày 30/6/2031) và tổng kết năm (xong trước 15/12/2032).")
    assert _bare(task["deadline"]) == {"so_ket": 2031, "tong_ket": 2032}


def test_situations_scales_and_sums_are_no_tasks() -> None:
    """What tells how things stand, what is paid or how points are given is nothing to be done."""
    assert _tasks("1. Một số hộ dân chưa đăng ký tham gia.") == []
    assert _tasks("1. Mức thưởng: hỗ trợ 500.000 đồng/hộ.") == []
    assert _tasks("1. Thang điểm 100, trong đó tuyên truyền 20 điểm.") == []
    assert _tasks("II. Khó khăn", "- Giáo viên chủ nhiệm kiêm nhiệm công tác Đội.") == []
    assert len(_tasks("1. Một số xã điểm tổ chức sơ kết trước.")) == 1


def test_targets_after_their_word_give_no_time() -> None:
    """The times of the targets that a body is set are not when its task is due."""
    (task,) = _tasks("1. Các xã thi đua thực hiện các mục tiêu: trên 75% hộ dùng nước sạch vào năm 2031.")
    assert task["lead"] == ["Các xã"]
    assert task["deadline"] is None


def test_sentences_do_not_end_at_abbreviations_and_dates() -> None:
    text = "TP. Mẫu gửi báo cáo ngày 1.5.2024 về Sở. Phòng tổng hợp."

    assert [text[start:end] for start, end in sentences(text)] == [
        "TP. Mẫu gửi báo cáo ngày 1.5.2024 về Sở.",
        "Phòng tổng hợp.",
    ]
