// Turns `<input data-don-vi="ADDRESS OF organisations:find">` into a unit picker.
//
// data-ngay, data-loai, data-trong narrow the search. `data-don-vi-khoa="NAME"` adds a hidden field NAME with the
// key of the chosen unit. Without this file the field is plain text: the server finds the name, and asks when
// it is not sure.

let count = 0;

const enhance = (input) => {
    const id = `goi-y-don-vi-${(count += 1)}`;
    const box = document.createElement("div");
    const list = document.createElement("ul");
    const key = document.createElement("input");
    let timer = 0;
    let asked = "";
    let chosen = -1;

    box.className = "dv-o-chon";
    list.className = "dv-goi-y";
    list.id = id;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Đơn vị tìm thấy");
    key.type = "hidden";
    key.name = input.dataset.donViKhoa || "";
    input.before(box);
    box.append(input, list);
    if (key.name) box.append(key);
    input.autocomplete = "off";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", id);
    input.setAttribute("aria-expanded", "false");

    const close = () => {
        list.hidden = true;
        chosen = -1;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
        const options = [...list.children];
        chosen = (index + options.length) % options.length;
        options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
        options[chosen].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const take = (option) => {
        input.value = option.dataset.label;
        key.value = option.dataset.key;
        close();
        input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const show = (units) => {
        list.replaceChildren(
            ...units.map((unit, index) => {
                const option = document.createElement("li");
                const above = document.createElement("span");
                option.id = `${id}-${index}`;
                option.setAttribute("role", "option");
                option.setAttribute("aria-selected", "false");
                option.dataset.key = unit.key;
                option.dataset.label = unit.label;
                option.textContent = unit.label;
                above.className = "td-help";
                above.textContent = unit.above || unit.kind;
                option.append(above);
                option.addEventListener("pointerdown", (event) => {
                    event.preventDefault();
                    take(option);
                });
                return option;
            }),
        );
        list.hidden = units.length === 0;
        chosen = -1;
        input.setAttribute("aria-expanded", String(units.length > 0));
    };
    const ask = async () => {
        const words = input.value.trim();
        if (words.length < 2) return close();
        asked = words;
        const address = new URL(input.dataset.donVi, window.location.href);
        address.searchParams.set("q", words);
        for (const name of ["ngay", "loai", "trong"]) {
            if (input.dataset[name]) address.searchParams.set(name, input.dataset[name]);
        }
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        // A slow answer to words that have changed since is of no use, nor one after the field was left.
        const isWanted = () => asked === input.value.trim() && document.activeElement === input;
        if (answer.ok && isWanted()) {
            const { units } = await answer.json();
            if (isWanted()) show(units);
        }
    };

    input.addEventListener("input", () => {
        key.value = "";
        window.clearTimeout(timer);
        timer = window.setTimeout(ask, 150);
    });
    input.addEventListener("keydown", (event) => {
        if (list.hidden) return;
        if (event.key === "ArrowDown") mark(chosen + 1);
        else if (event.key === "ArrowUp") mark(chosen < 0 ? -1 : chosen - 1);
        else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
        else if (event.key === "Escape") close();
        else return;
        event.preventDefault();
    });
    input.addEventListener("blur", close);
};

const enhanceAll = (root) => {
    for (const input of root.querySelectorAll("input[data-don-vi]:not([role='combobox'])")) enhance(input);
};

enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
