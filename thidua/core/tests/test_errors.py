import pickle

from thidua.core.errors import NotAllowed, RuleNotMet, UserError


def test_message_says_what_why_and_what_next() -> None:
    error = RuleNotMet(
        "Chưa thể gửi báo cáo",
        why="còn 2 chỉ tiêu chưa có số liệu",
        next_step="Nhập số liệu hoặc ghi lý do rồi gửi lại.",
    )
    assert str(error) == (
        "Chưa thể gửi báo cáo: còn 2 chỉ tiêu chưa có số liệu. Nhập số liệu hoặc ghi lý do rồi gửi lại."
    )


def test_message_leaves_out_what_is_not_given() -> None:
    assert UserError("Không tìm thấy tệp").message == "Không tìm thấy tệp."


def test_an_error_keeps_its_parts_between_processes() -> None:
    error = pickle.loads(
        pickle.dumps(NotAllowed("Không thể duyệt", why="chưa được giao", next_step="Hỏi quản trị"))
    )
    assert (type(error), error.what, error.why, error.next_step) == (
        NotAllowed,
        "Không thể duyệt",
        "chưa được giao",
        "Hỏi quản trị",
    )
