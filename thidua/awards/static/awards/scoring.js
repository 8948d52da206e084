// The total of a score sheet while one types: base, bonus up to the cap, less penalty. Enter goes to the next field
// of points, «Dùng số này» puts the points of a figure in. Without this file the server adds up when one saves.
(function () {
    "use strict";
    var form = document.querySelector("[data-cham-diem]");
    if (!form) return;
    var fields = Array.prototype.slice.call(form.querySelectorAll("[data-diem]"));
    var shown = form.querySelector("[data-tong]");
    var parts = form.querySelector("[data-tong-y]");

    // Hundredths as whole numbers, so that 0,1 + 0,2 is 0,3; null for an empty field, NaN for what is no number.
    function hundredths(text) {
        var said = text.trim();
        if (!said) return null;
        var found = /^([0-9]{1,6})(?:[.,]([0-9]{1,2}))?$/.exec(said);
        return found ? Number(found[1]) * 100 + Number(((found[2] || "") + "00").slice(0, 2)) : NaN;
    }

    function words(value) {
        var whole = Math.floor(Math.abs(value) / 100);
        var rest = ("0" + (Math.abs(value) % 100)).slice(-2).replace(/0+$/, "");
        return (value < 0 ? "-" : "") + whole + (rest ? "," + rest : "");
    }

    function add() {
        var sums = { chuan: 0, thuong: 0, tru: 0 };
        var open = 0;
        fields.forEach(function (field) {
            var value = hundredths(field.value);
            var isWrong = Number.isNaN(value) || value > hundredths(field.dataset.toiDa);
            field.classList.toggle("cd-over", isWrong);
            if (value === null && field.dataset.diem === "chuan") open += 1;
            if (value !== null && !isWrong) sums[field.dataset.diem] += value;
        });
        var cap = hundredths(form.dataset.tran || "");
        var bonus = cap === null ? sums.thuong : Math.min(sums.thuong, cap);
        var said = ["chuẩn " + words(sums.chuan)];
        if (sums.thuong) {
            said.push("thưởng " + words(bonus) + (bonus < sums.thuong ? " (của " + words(sums.thuong) + ", tối đa " + words(cap) + ")" : ""));
        }
        if (sums.tru) said.push("trừ " + words(sums.tru));
        if (open) said.push("còn " + open + " tiêu chí chưa chấm");
        shown.textContent = words(sums.chuan + bonus - sums.tru);
        parts.textContent = said.join(" · ");
    }

    form.addEventListener("input", function (event) {
        if (event.target.matches("[data-diem]")) add();
    });
    form.addEventListener("keydown", function (event) {
        if (event.key !== "Enter" || !event.target.matches("[data-diem]")) return;
        event.preventDefault();
        var next = fields[fields.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
        if (next) {
            next.focus();
            next.select();
        }
    });
    form.addEventListener("click", function (event) {
        var button = event.target.closest("[data-dung-so]");
        if (!button) return;
        event.preventDefault();
        var field = document.getElementById(button.dataset.o);
        field.value = button.dataset.dungSo;
        field.focus();
        add();
    });
    add();
})();
