// Sliders beside the fields of a programme. The field holds the text; a slider writes a number and its unit into it.
"use strict";
document.querySelectorAll("input.slide").forEach((slide) => {
  const field = document.getElementById(slide.dataset.for);
  if (!field) return;
  // The suffix is a power of ten, which most have none of, and a unit; the field may hold its number in any power.
  const [, power, unit] = slide.dataset.suffix.match(/^(e\d+)?\s*(.*)$/);
  const follow = () => {
    const found = field.value.match(/^\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(.*?)\s*$/i);
    if (found && found[2] === unit) slide.value = Number(found[1]) / Number(`1${power ?? ""}`);
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
