// The tree of units: a slider over the days on which something changed, and branches that close again.
// Without this file the same is done by links and a date field.

const bar = document.querySelector("[data-thanh]");
if (bar) {
    const links = [...document.querySelectorAll(".dv-moc a[data-ngay]")];
    const input = bar.querySelector("input");
    const output = bar.querySelector("output");
    const day = document.querySelector("#ngay").value;
    const label = (index) => (index === 0 ? "trước mọi thay đổi" : links[index - 1].textContent);
    input.value = String(links.filter((link) => link.dataset.ngay <= day).length);
    output.textContent = label(Number(input.value));
    input.addEventListener("input", () => {
        output.textContent = label(Number(input.value));
    });
    input.addEventListener("change", () => {
        const index = Number(input.value);
        const address = new URL(window.location.href);
        if (index === 0) {
            const first = new Date(`${links[0].dataset.ngay}T12:00:00Z`);
            first.setUTCDate(first.getUTCDate() - 1);
            address.searchParams.set("ngay", first.toISOString().slice(0, 10));
        } else {
            address.searchParams.set("ngay", links[index - 1].dataset.ngay);
        }
        window.location.assign(address);
    });
    bar.hidden = false;
}

// A second press on an open branch closes it instead of loading it again.
document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.target.closest("[data-mo]");
    if (!link) return;
    const below = link.closest("li").querySelector(":scope > .dv-nhanh");
    if (!below) return;
    event.preventDefault();
    below.hidden = !below.hidden;
    link.textContent = below.hidden ? "▸" : "▾";
});
document.addEventListener("htmx:afterRequest", (event) => {
    const link = event.target.closest("[data-mo]");
    if (link && event.detail.successful) link.textContent = "▾";
});
