// A plan in force: on paper, and where a link leads, closed parts are opened. Without this file newer browsers do
// so by themselves, and people open the parts by hand.

const parts = () => document.querySelectorAll("details");
let opened = [];

window.addEventListener("beforeprint", () => {
    opened = [...parts()].filter((part) => !part.open);
    for (const part of opened) part.open = true;
});
window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
});

const reveal = () => {
    const target = window.location.hash && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (!target) return;
    for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    target.scrollIntoView();
};

window.addEventListener("hashchange", reveal);
reveal();
