// The page's own script. Gradio runs it once, with the conversation as `element` and `trigger` to
// reach Python. It never makes HTML out of words.
const narrow = matchMedia("(max-width: 56rem)");
const notesOf = (turn) => element.querySelector(`form[data-turn="${turn}"]`);
const boxOf = () => document.querySelector("#dl-ask textarea, #dl-ask input");

// What is done with an answer

function copyText(words, button) {
    const done = () => {
        const label = button.textContent;
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = label; }, 1500);
    };
    const byHand = () => {  // where the page is not served securely
        const holder = document.createElement("textarea");
        holder.value = words;
        document.body.append(holder);
        holder.select();
        document.execCommand("copy");
        holder.remove();
        button.focus();
        done();
    };
    navigator.clipboard ? navigator.clipboard.writeText(words).then(done, byHand) : byHand();
}

function wordsOf(turn) {
    const whole = turn.querySelector(".dl-answer").cloneNode(true);
    whole.querySelectorAll(".dl-tip").forEach((tip) => tip.remove());
    const lines = [...whole.querySelectorAll(".dl-text > p, .dl-sources > li, .dl-near > li")];
    return [turn.querySelector(".dl-question"), ...lines]
        .map((line) => line.textContent.trim().replace(/\s+/g, " ")).join("\n\n");
}

function rate(button) {
    const turn = Number(button.dataset.turn);
    button.parentElement.querySelectorAll("[aria-pressed]").forEach((each) => {
        each.setAttribute("aria-pressed", String(each === button));
    });
    const form = notesOf(turn);
    form.hidden = false;
    form.dataset.kind = button.dataset.act;
    trigger("like", { turn, rating: button.dataset.act, note: "" });
}

const acts = {
    ask: (button) => trigger("example_select", { question: button.textContent }),
    retry: () => trigger("retry", {}),
    edit: () => trigger("edit", {}),
    up: rate,
    down: rate,
    copy: (button) => copyText(wordsOf(button.closest(".dl-turn")), button),
    link: (button) => copyText(location.origin + button.closest(".dl-turn").dataset.address, button),
    save: (button) => {
        const turn = button.dataset.turn;
        button.closest("details").open = false;
        trigger("download", { turn: turn === undefined ? null : Number(turn), kind: button.dataset.kind });
    },
};

// The reading pane: the article in a frame in which no script runs

const pane = document.createElement("dialog");
pane.id = "dl-pane";
pane.setAttribute("aria-label", "Article");
const bar = document.createElement("div");
const away = document.createElement("a");
away.textContent = "Open in a new tab";
away.target = "_blank";
away.rel = "noopener noreferrer";
const shut = document.createElement("button");
shut.type = "button";
shut.className = "dl-act";
shut.textContent = "Close";
const frame = document.createElement("iframe");
frame.title = "The article, at the cited words";
frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
bar.append(away, shut);
pane.append(bar, frame);
document.body.append(pane);
let opener = null;

function read(link) {
    const address = new URL(link.href);
    away.href = address.href;
    address.searchParams.set("pane", "1");
    frame.src = address.href;
    opener = link;
    if (!pane.open) {
        pane.classList.toggle("dl-sheet", narrow.matches);
        narrow.matches ? pane.showModal() : pane.show();
        document.body.classList.toggle("dl-reading", !narrow.matches);
    }
    shut.focus();
}

function closed() {
    document.body.classList.remove("dl-reading");
    frame.src = "about:blank";
    if (opener?.isConnected) opener.focus();
}

const escape = (event) => { if (event.key === "Escape") pane.close(); };
pane.addEventListener("close", closed);
pane.addEventListener("keydown", escape);
shut.addEventListener("click", () => pane.close());
frame.addEventListener("load", () => frame.contentDocument?.addEventListener("keydown", escape));

// Citation marks: the words come up on hovering, focus or the first touch

let touched = false;
const closeTips = () => element.querySelectorAll(".dl-open").forEach((chip) => chip.classList.remove("dl-open"));

function place(chip) {
    const tip = chip.querySelector(".dl-tip");
    const around = chip.closest("p").getBoundingClientRect();
    const at = chip.getBoundingClientRect();
    const left = Math.min(at.left - around.left, around.width - tip.offsetWidth);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${at.bottom - around.top}px`;
    chip.classList.remove("dl-shut");
}

for (const kind of ["pointerover", "focusin"])
    element.addEventListener(kind, (event) => {
        const chip = event.target.closest?.(".dl-chip");
        if (chip && !chip.contains(event.relatedTarget)) place(chip);
    });
element.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeTips();
    element.querySelectorAll(".dl-chip:hover, .dl-chip:focus-within").forEach((chip) => chip.classList.add("dl-shut"));
    if (event.target === boxOf()) trigger("stop", {});
});

element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) return acts[button.dataset.act]?.(button);
    const link = event.target.closest("a.dl-cite, a.dl-quote");
    const chip = event.target.closest(".dl-chip");
    const first = touched && chip && !chip.classList.contains("dl-open");
    closeTips();
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(link || chip)) return;
    event.preventDefault();
    if (first) chip.classList.add("dl-open");
    else {
        chip?.classList.add("dl-shut");
        read(link ?? chip.querySelector("a"));
    }
});

element.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const note = form.querySelector("textarea").value;
    trigger("like", { turn: Number(form.dataset.turn), rating: form.dataset.kind, note });
});

// The address follows the newest question and the filters; a new question comes to the top

let turns = 0;
const shown = (from) => {
    const address = from.dataset.address;
    if (address) history.replaceState(null, "", address);
};
new MutationObserver(() => {
    const all = element.querySelectorAll(".dl-turn");
    if (all.length > turns) all[all.length - 1].scrollIntoView({ block: "start" });
    if (all.length) shown(all[all.length - 1]);
    turns = all.length;
}).observe(element, { childList: true, subtree: true });

const here = document.getElementById("dl-here");
if (here)
    new MutationObserver(() => here.querySelectorAll("[data-address]").forEach(shown))
        .observe(here, { childList: true, subtree: true });

// Days are typed or, with the browser's own picker, chosen
document.addEventListener("click", () => requestAnimationFrame(() => {
    document.querySelectorAll(".dl-day input").forEach((field) => {
        if (field !== document.activeElement) field.type = "date";  // they come when unfolded
    });
}));

window.dateline = {
    save({ name, kind, content }) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([content], { type: kind }));
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    },
    toBox: () => boxOf().focus(),
    thanks(words) {
        element.querySelectorAll("form:not([hidden]) .dl-thanks").forEach((each) => { each.textContent = words; });
    },
};
