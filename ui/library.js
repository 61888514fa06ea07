// The list of articles: its buttons tell the server what is to be done with which articles.
const chosen = () =>
    [...element.querySelectorAll("input[name=article]:checked")].map((box) => box.value);
let acted = false;
element.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button) return;
    const named = (button.dataset.id ?? "").split(" ").filter(Boolean);
    acted = true;
    trigger(button.dataset.act, {
        ids: button.dataset.act === "delete" ? chosen() : named,
        page: Number(button.dataset.page ?? 0),
    });
});
element.addEventListener("change", (event) => {
    if (event.target.name !== "all") return;
    for (const box of element.querySelectorAll("input[name=article]"))
        box.checked = event.target.checked;
});
// The button that was pressed may be gone; whoever uses a keyboard goes on from here.
new MutationObserver(() => {
    if (!acted || element.contains(document.activeElement)) return;
    acted = false;
    (element.querySelector(".dl-said button") ?? element.querySelector(".dl-count"))?.focus();
}).observe(element, { childList: true, subtree: true });
