// Drop zone: each file is a request of its own, with a line that shows how far it is.
//
// Without this script the form sends all files in one request and the page shows the same lines.

const form = document.getElementById("dua-tep");
const field = form.querySelector("input[type=file]");
const results = document.getElementById("ket-qua");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const limit = Number(form.dataset.toiDa);
// The first answer brings the cookie by which the server knows this browser; two first requests would be two
// strangers, and the file of one of them lost to it.
let atOnce = 1;

const waiting = [];
let sending = 0;

function line(file) {
    const item = document.createElement("li");
    item.className = "dd-tep";
    const name = document.createElement("span");
    name.className = "dd-tep-ten";
    name.textContent = file.name;
    const state = document.createElement("span");
    state.className = "td-tag";
    state.textContent = "Đang chờ";
    const bar = document.createElement("progress");
    bar.className = "dd-tien-do";
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Tiến độ gửi ${file.name}`);
    item.append(name, state, bar);
    results.prepend(item);
    return { item, state, bar };
}

function refuse(shown, what, why, next) {
    shown.bar.remove();
    shown.state.className = "td-tag td-tag-late";
    shown.state.textContent = "Chưa đọc được";
    const text = document.createElement("p");
    text.className = "dd-tep-loi";
    const strong = document.createElement("strong");
    strong.textContent = `${what}.`;
    text.append(strong, ` Vì sao: ${why}. Làm gì tiếp: ${next}.`);
    shown.item.append(text);
}

function send(file, shown) {
    sending += 1;
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append(field.name, file);
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("HX-Request", "true");
    shown.state.textContent = "Đang gửi";
    request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.bar.value = (event.loaded / event.total) * 100;
    });
    request.upload.addEventListener("load", () => {
        shown.state.textContent = "Đang đọc";
        shown.bar.removeAttribute("value");
    });
    request.addEventListener("load", () => {
        const isOurs = (request.status === 200 || request.status === 422) && request.responseText.includes("dd-tep");
        if (!isOurs) {
            const why = request.status === 403 ? "phiên làm việc đã hết hạn" : `máy chủ trả lời mã ${request.status}`;
            refuse(shown, "Chưa gửi được tệp", why, "tải lại trang rồi thử lại");
            return;
        }
        const template = document.createElement("template");
        template.innerHTML = request.responseText.trim();
        const answer = template.content.querySelector("li");
        shown.item.replaceWith(answer);
        window.htmx?.process(answer);
        if (request.status !== 200) return;
        atOnce = 2;
        document.body.dispatchEvent(new CustomEvent("van-ban-moi"));
    });
    request.addEventListener("error", () =>
        refuse(shown, "Chưa gửi được tệp", "mất kết nối với máy chủ", "kiểm tra mạng rồi thả tệp lại"),
    );
    request.addEventListener("loadend", () => {
        sending -= 1;
        next();
    });
    request.send(body);
}

function next() {
    while (sending < atOnce && waiting.length) send(...waiting.shift());
}

function take(files) {
    for (const file of [...files].reverse()) {
        const shown = line(file);
        if (file.size > limit) {
            const size = (file.size / 1024 / 1024).toFixed(1).replace(".", ",");
            refuse(shown, "Tệp quá lớn", `tệp ${size} MB, giới hạn là ${form.dataset.toiDaMb} MB`, "bỏ bớt hình ảnh hoặc phụ lục, hoặc tách tệp rồi nộp từng phần");
            continue;
        }
        waiting.push([file, shown]);
    }
    field.value = "";
    next();
}

form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(field.files);
});
field.addEventListener("change", () => field.files.length && take(field.files));

// The file field speaks the language of the browser; its label speaks ours.
form.classList.add("co-js");

// A file dropped beside the zone must not replace the page.
for (const name of ["dragenter", "dragover"])
    document.addEventListener(name, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        form.classList.add("is-tren");
    });
document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("is-tren");
});
document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    form.classList.remove("is-tren");
    take(event.dataTransfer.files);
});
