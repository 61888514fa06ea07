// The list of articles: its buttons tell the server what is to be done with which articles.
const boxes = () => [...element.querySelectorAll("input[name=article]")];
let ticked = new Set();
let acted = false;
element.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button) return;
    const named = (button.dataset.id ?? "").split(" ").filter(Boolean);
    const ids = button.dataset.act === "delete" ? [...ticked] : named;
    acted = true;
    trigger(button.dataset.act, { ids, page: Number(button.dataset.page ?? 0) });
});
element.addEventListener("change", (event) => {
    if (event.target.name === "all")
        for (const box of boxes()) box.checked = event.target.checked;
    ticked = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
});
// Rows are used again for other articles: a tick belongs to an article, not to a row.
new MutationObserver(() => {
    for (const box of boxes()) box.checked = ticked.has(box.value);
    ticked = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
    const all = element.querySelector("input[name=all]");
    if (all) all.checked = ticked.size > 0 && ticked.size === boxes().length;
    // The button that was pressed may be gone; whoever uses a keyboard goes on from here.
    if (!acted || element.contains(document.activeElement)) return;
    acted = false;
    (element.querySelector(".dl-said button") ?? element.querySelector(".dl-count"))?.focus();
}).observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ["value"] });
