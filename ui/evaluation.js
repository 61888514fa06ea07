// The runs that are kept: a button tells the server which one to show.
element.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-run]");
    if (button) trigger("select", { run: button.dataset.run });
});
