// Sliders beside the fields of a programme. The field holds the text; a slider writes a number and its unit into it.
"use strict";
document.querySelectorAll("input.slide").forEach((slide) => {
  const field = document.getElementById(slide.dataset.for);
  if (!field) return;
  const number = /^\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/i;
  const follow = () => {
    const text = field.value.trim();
    const found = text.match(number);
    const rest = found ? text.slice(found[0].length).trim() : null;
    if (found && rest === slide.dataset.suffix.trim()) slide.value = found[1];
  };
  slide.hidden = false;
  follow();
  field.addEventListener("input", follow);
  slide.addEventListener("input", () => { field.value = Number(slide.value) + slide.dataset.suffix; });
});
// What is unfolded in the answer stays so when the next answer comes.
let unfolded = false;
document.addEventListener("htmx:beforeSwap", () => { unfolded = document.querySelector("#answer details")?.open ?? unfolded; });
document.addEventListener("htmx:afterSwap", () => { document.querySelectorAll("#answer details").forEach((one) => { one.open = unfolded; }); });
