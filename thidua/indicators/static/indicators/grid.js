// The grid of figures as a sheet: arrow keys and Enter move, a paste from Excel fills the cells to the right and below.
//
// Without this file the grid is a table of plain fields that Tab goes through.

const table = document.querySelector("[data-bang-so]");

const cellAt = (row, column) => table.querySelector(`[data-hang="${row}"][data-cot="${column}"]`);

const mark = (input) => {
    input.classList.toggle("sl-o-moi", input.value.trim() !== input.defaultValue.trim());
};

const go = (input, down, right) => {
    const next = cellAt(Number(input.dataset.hang) + down, Number(input.dataset.cot) + right);
    if (!next) return false;
    next.focus();
    next.select();
    return true;
};

const move = (event) => {
    const input = event.target;
    if (!input.matches("[data-hang]") || event.altKey || event.ctrlKey || event.metaKey) return;
    const isAtStart = input.selectionStart === 0;
    const isAtEnd = input.selectionEnd === input.value.length;
    let moved = false;
    if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) {
        moved = go(input, 1, 0) || event.key === "Enter";
    } else if (event.key === "ArrowUp" || event.key === "Enter") {
        moved = go(input, -1, 0) || event.key === "Enter";
    } else if (event.key === "ArrowRight" && isAtEnd) {
        moved = go(input, 0, 1);
    } else if (event.key === "ArrowLeft" && isAtStart) {
        moved = go(input, 0, -1);
    } else if (event.key === "Escape") {
        input.value = input.defaultValue;
        mark(input);
    }
    if (moved) event.preventDefault();
};

const paste = (event) => {
    const input = event.target;
    if (!input.matches("[data-hang]")) return;
    const text = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    let count = 0;
    text.split("\n").forEach((line, down) => {
        line.split("\t").forEach((value, right) => {
            const cell = cellAt(Number(input.dataset.hang) + down, Number(input.dataset.cot) + right);
            if (!cell) return;
            cell.value = value.trim();
            mark(cell);
            count += 1;
        });
    });
    const said = document.querySelector("[data-bang-bao]");
    if (said) said.textContent = `Đã dán ${count} ô. Xem lại rồi bấm Lưu cả bảng.`;
};

if (table) {
    table.addEventListener("keydown", move);
    table.addEventListener("paste", paste);
    table.addEventListener("input", (event) => mark(event.target));
    table.querySelectorAll("[data-hang]").forEach(mark);
}
