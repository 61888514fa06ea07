// The form above the list of articles: tells the server what it holds, after a pause in typing.
let pause;
element.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(
        () => trigger("input", Object.fromEntries(new FormData(element.querySelector("form")))),
        250,
    );
});
element.addEventListener("submit", (event) => event.preventDefault());
