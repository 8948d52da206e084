"""Draws `docs/reference/states.md` and `rights.md` from the tables of states and rights.

`thidua manage draw_reference` writes them anew; a test fails when they are not what the tables say.
"""

from __future__ import annotations

from django.apps import apps

from thidua.audit import workflow
from thidua.audit.workflow import StateTable
from thidua.organisations import authority
from thidua.organisations.authority import Reach, Right
from thidua.organisations.models import Role

_DRAWN = "Trang này được vẽ từ mã nguồn bằng lệnh `thidua manage draw_reference`; đừng sửa tay."
_REACHES = {
    Reach.OWN: "đơn vị mình, hoặc đơn vị mà mình kế thừa",
    Reach.ABOVE: "đơn vị mình, đơn vị mà mình kế thừa, và mọi đơn vị bên dưới",
    Reach.ANY: "không phụ thuộc đơn vị",
}


def states_page() -> str:
    """Each table of states as a diagram and as a table of its steps."""
    parts = [
        "# Trạng thái và các bước",
        f"{_DRAWN}\n\nMỗi bước kiểm tra quyền, điều kiện và trạng thái trong một giao dịch, "
        "và ghi một dòng nhật ký.\nAi có quyền nào: [Quyền](rights.md).",
    ]
    parts += [_state_section(table) for table in workflow.tables()]
    return "\n\n".join(parts) + "\n"


def _state_section(table: StateTable) -> str:
    labels = {str(value): str(label) for value, label in table.states.choices}
    diagram = [
        "```mermaid",
        "stateDiagram-v2",
        *(f'    state "{label}" as {value}' for value, label in labels.items()),
        f"    [*] --> {table.initial}",
        *(
            f"    {source} --> {step.target}: {step.label}"
            for step in table.transitions
            for source in step.sources
        ),
        "```",
    ]
    rows = ["| bước | từ | đến | quyền | lý do | điều kiện |", "|---|---|---|---|---|---|"]
    rows += [
        f"| {step.label} | {', '.join(labels[source] for source in step.sources)} | {labels[step.target]} "
        f"| {authority.right(step.right).label} | {'bắt buộc' if step.needs_reason else ''} "
        f"| {'có' if step.guard else ''} |"
        for step in table.transitions
    ]
    name = apps.get_model(table.model)._meta.verbose_name
    return "\n".join([f"## {table.title}", "", f"Đối tượng: {name}.", "", *diagram, "", *rows])


def rights_page() -> str:
    """Each right with its roles and its reach."""
    roles = " | ".join(role.label for role in Role)
    parts = [
        "# Quyền",
        f"{_DRAWN}\n\nMột người có quyền khi có ủy nhiệm còn hiệu lực, ở đơn vị còn hoạt động, "
        "với vai trò có dấu ● và trong phạm vi của quyền.\n"
        "Dấu ○: chỉ với việc nhỏ hơn của chính đơn vị đó (nhiệm vụ con). "
        "Dấu ◐: cả khi đơn vị mình là cơ quan thường trực của một kế hoạch đang có hiệu lực, "
        "thay cho địa bàn đã ban hành kế hoạch. "
        "Các bước của từng đối tượng: [Trạng thái](states.md).",
        f"| quyền | {roles} | phạm vi | mã |\n|---|{'---|' * (len(Role) + 2)}\n"
        + "\n".join(_right_row(right) for right in authority.rights()),
    ]
    return "\n\n".join(parts) + "\n"


def _right_row(right: Right) -> str:
    further = right.also is not None and Role.UNIT_OFFICER not in right.roles
    marks = " | ".join(
        "◐"
        if role in right.stands_in
        else "●"
        if role in right.roles
        else "○"
        if further and role == Role.UNIT_OFFICER
        else ""
        for role in Role
    )
    return f"| {right.label} | {marks} | {_REACHES[right.reach]} | `{right.key}` |"


PAGES = {"states.md": states_page, "rights.md": rights_page}
