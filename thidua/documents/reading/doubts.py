"""Readings where a careful person could differ, as sentences for the officer who confirms the plan."""

from __future__ import annotations

from typing import Any

from .model import Outline


def find_doubts(outline: Outline, record: dict[str, Any]) -> list[str]:
    """Vietnamese sentences, most important first; each names the items that it is about."""
    doubts: list[str] = []
    doc = record["doc"]
    issuer = doc["issuer"]
    if outline.source.ocr:
        doubts.append("Văn bản được nhận dạng từ ảnh chụp: cần đối chiếu từng mục với bản gốc.")
    if doc["type"] is None:
        doubts.append("Không thấy tên loại văn bản: chưa rõ đây là kế hoạch, quyết định hay công văn.")
    if issuer is None:
        doubts.append("Không thấy tên cơ quan ban hành: cần nhập.")
    elif issuer["inferred"]:
        doubts.append(
            f"Cơ quan ban hành “{issuer['name']}” được suy ra từ nội dung, văn bản chỉ ghi “{issuer['as_printed']}”."
        )
    if doc["date"]["edtf"] is None:
        doubts.append("Văn bản không ghi ngày tháng năm: cần nhập ngày ban hành.")
    points = [target["id"] for target in record["targets"] if target.get("unit") == "pct_point"]
    if points:
        doubts.append(f"{', '.join(points)}: “%/năm” trên một tỷ lệ được hiểu là điểm phần trăm mỗi năm.")
    bare = [target["id"] for target in record["targets"] if target.get("comparator") == "stated"]
    if bare:
        doubts.append(f"{', '.join(bare)}: chỉ ghi con số, được hiểu là “ít nhất”.")
    unknown = [target["id"] for target in record["targets"] if target.get("indicator") in (None, "other")]
    if unknown:
        doubts.append(f"{', '.join(unknown)}: chưa có trong danh mục chỉ tiêu, cần chọn chỉ tiêu tương ứng.")
    implied = [task["id"] for task in record["tasks"] if not task["lead_explicit"]]
    if implied:
        doubts.append(f"{', '.join(implied)}: đoạn văn không nêu chủ thể, tạm hiểu là cơ quan ban hành.")
    before = [
        task["id"]
        for task in record["tasks"]
        if (task.get("deadline") or {}).get("bound") == "before" and (task["deadline"] or {}).get("day")
    ]
    if before:
        doubts.append(f"{', '.join(before)}: “trước ngày” được hiểu là chậm nhất ngày liền trước.")
    return doubts
