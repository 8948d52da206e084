// The plan beside its source: hover, focus or press keys on one side, see the other.
//
// Everything works on links of the page, by delegation, so that parts which htmx exchanges need no care. Without
// this script the same links jump and :target marks.

const NARROW = matchMedia("(max-width: 860px)");
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const WAIT_BEFORE_SCROLL = 120; // milliseconds; a mouse that only passes by moves nothing

const sides = () => document.getElementById("hai-ben");
const plan = () => document.getElementById("ke-hoach");
const paper = () => document.querySelector(".kh-giay");
const itemWithKey = (key) => document.getElementById(`muc-${key}`);
const keysOf = (element) => (element.dataset.muc ?? "").split(" ").filter(Boolean);
const linesOf = (item) => (item.dataset.dong ?? "").split(" ").filter(Boolean);

let cameFrom = null; // what Escape goes back to
let timer = 0;

// --- marking -------------------------------------------------------------------------------------

function clear() {
    clearTimeout(timer);
    for (const element of document.querySelectorAll(".is-on:is(.muc, .dong, mark)")) element.classList.remove("is-on");
}

function markFromItem(item) {
    clear();
    item.classList.add("is-on");
    const key = item.dataset.muc;
    const words = [...document.querySelectorAll(`.dong mark[data-muc~="${CSS.escape(key)}"]`)];
    const lines = linesOf(item).map((number) => document.getElementById(`dong-${number}`)).filter(Boolean);
    for (const element of [...words, ...lines]) element.classList.add("is-on");
    return words[0] ?? lines[0];
}

function markFromLine(line, keys) {
    clear();
    line.classList.add("is-on");
    const number = line.dataset.so;
    const items = keys.length
        ? keys.map(itemWithKey).filter(Boolean)
        : [...plan().querySelectorAll(`.muc[data-dong~="${number}"]`)];
    for (const item of items) item.classList.add("is-on");
    for (const key of keys)
        for (const word of document.querySelectorAll(`.dong mark[data-muc~="${CSS.escape(key)}"]`)) word.classList.add("is-on");
    return items.find((item) => item.offsetParent !== null);
}

// --- scrolling the other side ----------------------------------------------------------------------

function scrollPaperTo(element) {
    const box = paper();
    if (!element || !box || NARROW.matches) return;
    const inside = element.getBoundingClientRect();
    const outside = box.getBoundingClientRect();
    if (inside.top >= outside.top + 24 && inside.bottom <= outside.bottom - 24) return;
    box.scrollTo({ top: box.scrollTop + inside.top - outside.top - box.clientHeight / 3, behavior: CALM.matches ? "auto" : "smooth" });
}

function scrollPlanTo(item) {
    if (!item || NARROW.matches) return;
    const inside = item.getBoundingClientRect();
    const bar = document.getElementById("thanh").getBoundingClientRect().bottom;
    if (inside.top >= bar && inside.bottom <= innerHeight) return;
    scrollTo({ top: scrollY + inside.top - bar - innerHeight / 5, behavior: CALM.matches ? "auto" : "smooth" });
}

function isPaperFixed() {
    const paper = document.getElementById("van-ban");
    return paper.getBoundingClientRect().top <= parseFloat(getComputedStyle(paper).top) + 1;
}

const soon = (action) => {
    clearTimeout(timer);
    timer = setTimeout(action, WAIT_BEFORE_SCROLL);
};

// --- going over ------------------------------------------------------------------------------------

function show(side) {
    if (!sides()) return;
    sides().dataset.ben = side;
    for (const link of document.querySelectorAll(".kh-chuyen a")) {
        if (link.dataset.ben === side) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
    }
}

function goToLine(number, item) {
    const line = document.getElementById(`dong-${number}`);
    if (!line) return;
    cameFrom = item?.querySelector("a.muc-noi") ?? null;
    show("van-ban");
    const target = item ? markFromItem(item) : line;
    if (NARROW.matches) line.scrollIntoView({ block: "center" });
    else scrollPaperTo(target ?? line);
    line.focus({ preventScroll: true });
    backButton().classList.toggle("is-hien", Boolean(cameFrom));
}

function goToItem(item, line) {
    if (!item) return;
    const folded = item.closest("details");
    if (folded) folded.open = true;
    show("ke-hoach");
    const link = item.querySelector("a.muc-noi");
    cameFrom = line ?? null;
    backButton().classList.remove("is-hien");
    if (NARROW.matches) item.scrollIntoView({ block: "center" });
    else scrollPlanTo(item);
    link?.focus({ preventScroll: true });
    markFromItem(item);
}

function goBack() {
    const back = cameFrom;
    if (!back?.isConnected) return false;
    if (back.classList.contains("dong")) goToLine(back.dataset.so, null);
    else goToItem(back.closest(".muc"), null);
    return true;
}

function step(by) {
    const links = [...plan().querySelectorAll("a.muc-noi")].filter((link) => link.offsetParent !== null);
    const now = document.activeElement?.closest?.(".muc");
    const at = links.findIndex((link) => link.closest(".muc") === now);
    const next = at < 0 ? firstInView(links) : at + by;
    const link = links[Math.min(Math.max(next, 0), links.length - 1)];
    if (!link) return;
    scrollPlanTo(link.closest(".muc"));
    link.focus({ preventScroll: true });
}

function firstInView(links) {
    const bar = document.getElementById("thanh").getBoundingClientRect().bottom;
    return links.findIndex((link) => link.getBoundingClientRect().top >= bar);
}

let button = null;
function backButton() {
    if (!button) {
        button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-primary kh-tro-lai";
        button.textContent = "Trở lại mục";
        button.addEventListener("click", goBack);
        document.querySelector("main").append(button);
    }
    return button;
}

// --- events ----------------------------------------------------------------------------------------

// When the page scrolls under a mouse that rests, the browser reports a new element below it: not a wish.
let mouse = "";
const isAtRest = (event) => mouse === `${event.clientX} ${event.clientY}`;
document.addEventListener("mousemove", (event) => {
    mouse = `${event.clientX} ${event.clientY}`;
});

document.addEventListener("mouseover", (event) => {
    const target = event.target;
    if (!(target instanceof Element) || NARROW.matches || isAtRest(event)) return;
    const item = target.closest(".muc");
    if (item) {
        const word = markFromItem(item);
        soon(() => scrollPaperTo(word));
        return;
    }
    const line = target.closest(".dong[data-so]");
    if (line) {
        const pointer = target.closest("[data-ve]");
        const word = target.closest("mark");
        const found = markFromLine(line, pointer ? [pointer.dataset.ve] : word ? keysOf(word) : []);
        // Not while the source still moves with the page: it would slip away from under the mouse.
        if ((word || pointer) && isPaperFixed()) soon(() => scrollPlanTo(found));
    }
});

document.addEventListener("focusin", (event) => {
    const item = event.target.closest?.(".muc");
    if (item && !NARROW.matches) scrollPaperTo(markFromItem(item));
    const pointer = event.target.closest?.("[data-ve]");
    if (pointer) markFromLine(pointer.closest(".dong"), [pointer.dataset.ve]);
});

document.addEventListener("click", (event) => {
    const target = event.target;
    const link = target.closest("a");
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link?.dataset.ben) {
        event.preventDefault();
        show(link.dataset.ben);
        scrollTo({ top: Math.min(scrollY, document.getElementById("hai-ben").offsetTop - barHeight()) });
        return;
    }
    const hash = link?.getAttribute("href") ?? "";
    if (hash.startsWith("#dong-")) {
        event.preventDefault();
        history.replaceState(null, "", hash);
        goToLine(hash.slice(6), link.closest(".muc"));
        return;
    }
    if (hash.startsWith("#muc-")) {
        event.preventDefault();
        history.replaceState(null, "", hash);
        goToItem(itemWithKey(hash.slice(5)), link.closest(".dong"));
        return;
    }
    const word = target.closest(".dong mark");
    if (word && !link && !String(getSelection())) goToItem(itemWithKey(keysOf(word)[0]), word.closest(".dong"));
    const opener = target.closest("[data-mo]");
    if (opener) document.getElementById(opener.dataset.mo).showModal();
});

document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target;
    const isTyping = target.matches("input, textarea, select");
    if (event.key === "Escape") {
        if (isTyping) target.blur();
        else if (!goBack()) clear();
        return;
    }
    if (isTyping) return;
    const isInPlan = Boolean(target.closest(".muc"));
    if (event.key === "j" || (event.key === "ArrowDown" && isInPlan)) {
        event.preventDefault();
        step(1);
    } else if (event.key === "k" || (event.key === "ArrowUp" && isInPlan)) {
        event.preventDefault();
        step(-1);
    } else if (event.key === "Enter" && target.matches(".dong")) {
        const first = target.querySelector("[data-ve]")?.dataset.ve;
        const item = cameFrom?.closest?.(".muc") ?? (first ? itemWithKey(first) : plan().querySelector(`.muc[data-dong~="${target.dataset.so}"]`));
        goToItem(item, target);
    } else if (event.key === "/") {
        event.preventDefault();
        document.getElementById("tim").focus();
    } else if (event.key === "?") {
        document.getElementById("phim-tat").showModal();
    }
});

// --- start -----------------------------------------------------------------------------------------

const barHeight = () => document.getElementById(NARROW.matches ? "chuyen" : "thanh").offsetHeight;

function measureBar() {
    document.body.style.setProperty("--kh-thanh", `${barHeight()}px`);
}

function start() {
    for (const opener of document.querySelectorAll("[data-mo]")) opener.hidden = false;
    show(location.hash.startsWith("#dong-") || location.hash === "#van-ban" ? "van-ban" : "ke-hoach");
    measureBar();
    if (location.hash.startsWith("#muc-")) goToItem(itemWithKey(location.hash.slice(5)), null);
}

// Its height changes with the window, with the typeface once it has come, and with the counts on the chips.
new ResizeObserver(measureBar).observe(document.getElementById("thanh"));
NARROW.addEventListener("change", measureBar);
document.addEventListener("htmx:afterSwap", () => {
    show(document.querySelector(".kh-chuyen [aria-current]")?.dataset.ben ?? "ke-hoach");
    measureBar();
});
start();
