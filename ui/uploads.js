// What is more than the server takes at once is named here and not sent; the rest goes its way.
const said = element.querySelector("[data-most]");
const most = Number(said.dataset.most);
const target = (event) => (event.target instanceof Element ? event.target.closest("#dl-files") : null);

function fitting(files) {
    const kept = new DataTransfer();
    const refused = [];
    let total = 0;
    for (const file of files) {
        if (total + file.size > most) refused.push(file.name);
        else {
            total += file.size;
            kept.items.add(file);
        }
    }
    const names = refused.slice(0, 5).join(", ") + (refused.length > 5 ? ", …" : "");
    said.textContent = refused.length
        ? `Not sent: ${names}. ${most / 1e6} MB are the most at once; add large files in turn.`
        : "";
    return { kept: kept.files, refused };
}
function send(area, files) {
    const input = area.querySelector("input[type=file]");
    if (!input || !files.length) return;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}
document.addEventListener(
    "change",
    (event) => {
        const area = target(event);
        if (!area || event.target.type !== "file") return;
        const { kept, refused } = fitting(event.target.files);
        if (!refused.length) return;
        event.stopImmediatePropagation();
        const before = said.textContent;
        send(area, kept);
        said.textContent = before;
    },
    true,
);
document.addEventListener(
    "drop",
    (event) => {
        const area = target(event);
        if (!area || !event.dataTransfer) return;
        const { kept, refused } = fitting(event.dataTransfer.files);
        if (!refused.length) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const before = said.textContent;
        send(area, kept);
        said.textContent = before;
    },
    true,
);
