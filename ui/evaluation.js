// The form and the runs that are kept: their buttons tell the server what is wanted.
element.addEventListener("submit", (event) => {
    event.preventDefault();
    trigger("submit", Object.fromEntries(new FormData(event.target)));
});
element.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-run]");
    if (button) trigger("select", { run: button.dataset.run });
});
