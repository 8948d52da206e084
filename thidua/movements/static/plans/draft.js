// Deciding by keys on the page "Tiếp nhận kế hoạch". Buttons and links do the work; without this script they are
// pressed by hand. Going over from item to item and to the source is the business of documents/plan.js.

const itemOf = (element) => element?.closest?.(".muc") ?? null;
let byKey = null; // the key that was pressed, until its answer has come

// The next item that waits, from here on and then from the top; when none does, what is to be done next.
function nextAfter(item) {
    const items = [...document.querySelectorAll("#ke-hoach .muc")];
    const place = items.indexOf(item);
    const waiting = [...items.slice(place + 1), ...items.slice(0, place)].find((one) => !one.classList.contains("kn-xong"));
    return waiting?.querySelector("a.muc-noi") ?? document.querySelector("#tien-do a.btn-primary");
}

function press(item, key) {
    const wanted = item.querySelector(`[data-phim="${key}"]`);
    if (!wanted) return;
    byKey = key;
    wanted.click();
    if (key === "d") item.querySelector('[name="ghi_chu"]')?.focus();
}

document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const item = itemOf(event.target);
    if (!item) return;
    if (event.key === "Escape" && item.classList.contains("kn-sua")) {
        item.querySelector('[data-phim="thoi"]')?.click();
        return;
    }
    if (event.target.matches("input, textarea, select")) return;
    if (["a", "e", "d", "u"].includes(event.key)) {
        event.preventDefault();
        press(item, event.key);
    }
});

document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches?.(".kn-sua form")) byKey = "luu";
});

// The item that was exchanged: the form is typed into at once, a decision made by key goes on to the next item,
// and so does a form that was saved.
document.addEventListener("htmx:afterSettle", (event) => {
    const item = event.target; // also fired for the progress, which comes with the item
    if (!item.matches?.(".muc")) return;
    const field = item.classList.contains("kn-sua") ? item.querySelector(".td-error")?.parentElement.querySelector("input, textarea, select") ?? item.querySelector("input:not([type=hidden]), textarea, select") : null;
    const goesOn = ["a", "luu"].includes(byKey) && !field && !item.querySelector('[role="alert"]');
    const target = field ?? (goesOn ? nextAfter(item) : item.querySelector("a.muc-noi"));
    byKey = null;
    target?.focus();
});
