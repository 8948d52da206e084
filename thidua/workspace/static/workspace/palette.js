// Ctrl-K or / opens the quick search from any page: type, choose with the arrows, Enter opens, Esc closes.
//
// htmx fetches the answers; this script only moves the choice. Without it the box in the header is a plain form.

const dialog = document.getElementById("bang-lenh");
const input = document.getElementById("o-tim-nhanh");
const answers = document.getElementById("tra-loi-nhanh");

const options = () => [...answers.querySelectorAll("[role=option]")];
const chosen = () => answers.querySelector("[aria-selected=true]");

function choose(option) {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
}

function open(words = "") {
    if (dialog.open) return;
    input.value = words;
    dialog.showModal();
    input.focus();
    input.dispatchEvent(new Event("tim"));
}

function isTyping(element) {
    // The key may come before the focus has left the box that was just closed.
    if (dialog.contains(element) && !dialog.open) return false;
    return element.isContentEditable || element.matches("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
    const isCall = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
    const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    if (!isCall && !isSlash) return;
    event.preventDefault();
    open();
});

document.querySelector("[data-bang-lenh]")?.addEventListener("mousedown", (event) => {
    event.preventDefault();
    open(event.currentTarget.value);
});

input.addEventListener("keydown", (event) => {
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    } else if (event.key === "Enter" && chosen()) {
        event.preventDefault();
        location.assign(chosen().href);
    }
});

// A slower answer to earlier words must not be chosen from.
input.addEventListener("input", () => choose(null));

answers.addEventListener("htmx:afterSwap", () => {
    choose(options()[0]);
    input.setAttribute("aria-expanded", String(options().length > 0));
});

dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
});
