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
document.querySelector(".once input")?.select();
