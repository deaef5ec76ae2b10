// A nicety: [ and ] follow the links to the change before and after, / goes to the date. All works without it.
const go = (rel) => document.querySelector(`.steps a[rel="${rel}"]`)?.click();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "[") go("prev");
  else if (event.key === "]") go("next");
  else if (event.key === "/") {
    const field = document.querySelector(".bar input:not([type=hidden])");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const items = [...(event.target.closest(".track")?.querySelectorAll("a") ?? [])].sort((a, b) => a.getBoundingClientRect().left - b.getBoundingClientRect().left);
    const next = items[items.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
});

// What is shown this once (a new token, an invitation) stands selected, ready to be copied.
const once = document.querySelector(".once textarea");
once?.select();
once?.addEventListener("focus", () => once.select());
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    let copied = true;
    await navigator.clipboard?.writeText(field.value).catch(() => { copied = document.execCommand("copy"); });
    button.nextElementSibling.textContent = copied ? "Copied" : "Press Ctrl C to copy";
  });
}

// On a narrow screen the tabs are one row that scrolls: the present one is in sight.
const tabs = document.querySelector(".top nav");
const tab = tabs?.querySelector("[aria-current]");
if (tab) tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.clientWidth) / 2;

// A short name is put into its form when it is stored: say which, as it is typed.
const stored = (text) => text.toLowerCase().replace(/['’]/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-slug]")) return;
  const becomes = stored(target.value);
  let told = target.parentElement.querySelector(".becomes");
  if (!told) {
    told = document.createElement("p");
    told.className = "help becomes";
    told.setAttribute("role", "status");
    target.after(told);
  }
  told.textContent = becomes && becomes !== target.value.trim() ? `Stored as “${becomes}”.` : "";
});

// Keys that lead somewhere: n records, and on an entry d, c and x deny, correct and retract; ? shows them.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "?") document.querySelector("#keys")?.focus();
  else if (/^[a-z]$/.test(event.key)) document.querySelector(`[data-key="${event.key}"]`)?.click();
});

// A form looks ahead while it is filled in: the same address, asked for its preview alone. The button does it without this.
const live = document.querySelector("form[data-live]");
if (live) {
  const shown = live.querySelector("#preview");
  const filled = () => {
    const data = new FormData(live);
    data.set("action", "preview");
    return new URLSearchParams(data);
  };
  let [waiting, asked, seen] = [0, null, null];
  const look = async () => {
    clearTimeout(waiting);
    const body = filled();
    if (body.toString() === seen) return;
    asked?.abort();
    asked = new AbortController();
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(live.getAttribute("action"), { method: "POST", body, signal: asked.signal, headers: { "X-Fragment": "preview", Accept: "text/html" } });
      const html = await answer.text();
      if (!answer.ok && !html.startsWith("<h2>")) throw new Error(String(answer.status));
      shown.innerHTML = html;
      seen = answer.ok ? body.toString() : null;
      if (answer.ok && !shown.querySelector(".needs")) document.querySelector("#problems.problems")?.remove();
    } catch (error) {
      if (error.name === "AbortError") return;
      shown.innerHTML = "<p class=\"small\">No preview just now. What you typed is still here; the Preview button asks again.</p>";
    }
    shown.removeAttribute("aria-busy");
  };
  live.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "preview" || event.submitter.name !== "action") return;
    event.preventDefault();
    await look();
    shown.focus();
  });
  live.addEventListener("input", (event) => {
    const row = event.target.matches("[data-together]") ? event.target.closest("fieldset") : null;
    for (const field of row?.querySelectorAll("[data-together]") ?? [event.target]) {
      document.getElementById(`${field.id}-error`)?.remove();
      field.removeAttribute("aria-invalid");
    }
    clearTimeout(waiting);
    waiting = setTimeout(look, 600);
  });
  live.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (filled().toString() === seen && live.dataset.looked === seen) live.querySelector("button[value=save]").click();
    else {
      await look();
      live.dataset.looked = seen ?? "";
      shown.focus();
    }
  });
}
