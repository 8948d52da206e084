// Keeps what is typed into a form with `data-draft` in this browser until it was sent, so that a broken
// connection or a closed page loses no words. Files cannot be kept. Without scripts the form works as any other.
(function () {
    "use strict";
    var prefix = "thidua-draft:";
    var lastSent = "thidua-draft-sent";

    function nameOf(form) {
        return prefix + form.dataset.draft;
    }

    function asServed(field) {
        if (field.tagName !== "SELECT") return field.defaultValue;
        var option = Array.prototype.find.call(field.options, function (one) { return one.defaultSelected; });
        return (option || field.options[0] || { value: "" }).value;
    }

    // What stands in the form now, or, with `served`, what the server sent.
    function answers(form, served) {
        var found = {};
        form.querySelectorAll("textarea, input, select").forEach(function (field) {
            if (!field.name || field.name === "csrfmiddlewaretoken") return;
            if (["file", "hidden", "password", "submit"].indexOf(field.type) >= 0) return;
            var isBox = field.type === "radio" || field.type === "checkbox";
            if (isBox && !(served ? field.defaultChecked : field.checked)) return;
            found[field.name] = served && !isBox ? asServed(field) : field.value;
        });
        return found;
    }

    function fill(form, kept) {
        form.querySelectorAll("textarea, input, select").forEach(function (field) {
            if (!(field.name in kept) || field.type === "file" || field.type === "hidden") return;
            if (field.type === "radio" || field.type === "checkbox") {
                field.checked = field.value === kept[field.name];
            } else {
                field.value = kept[field.name];
            }
        });
    }

    function say(form, words) {
        var note = form.querySelector(".gs-draft-note") || document.createElement("p");
        note.className = "td-help gs-draft-note";
        note.setAttribute("role", "status");
        note.textContent = words;
        form.append(note);
    }

    document.querySelectorAll("form[data-draft]").forEach(function (form) {
        var kept = null;
        try {
            kept = JSON.parse(window.localStorage.getItem(nameOf(form)));
        } catch (error) {
            return; // storage is switched off here
        }
        var first = JSON.stringify(answers(form, true));
        function keep() {
            var typed = { first: first, now: JSON.stringify(answers(form)) };
            window.localStorage.setItem(nameOf(form), JSON.stringify(typed));
        }
        if (JSON.stringify(answers(form)) !== first) {
            keep(); // somebody typed before this script was there
        } else if (kept && kept.first === first && kept.now !== first) {
            fill(form, JSON.parse(kept.now));
            say(form, "Đã lấy lại phần đang viết dở trên máy này.");
        }
        form.addEventListener("input", keep);
    });

    // A page with a message of success has taken what was sent last; other drafts stay, also one whose
    // connection broke.
    var last = window.localStorage.getItem(lastSent);
    if (last && document.querySelector(".td-note-success")) {
        window.localStorage.removeItem(last);
        window.localStorage.removeItem(lastSent);
    }
    document.addEventListener("submit", function (event) {
        if (event.target.dataset && event.target.dataset.draft) {
            window.localStorage.setItem(lastSent, nameOf(event.target));
        } else {
            window.localStorage.removeItem(lastSent);
        }
    });
})();
