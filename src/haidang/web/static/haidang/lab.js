// Sliders beside the fields of a programme. The field holds the text; a slider writes a number and its unit into it.
"use strict";
const LANGUAGE = document.documentElement.lang;
const POWERS = { tỷ: 1e9, tỉ: 1e9, triệu: 1e6, nghìn: 1e3, ngàn: 1e3, billion: 1e9, million: 1e6, thousand: 1e3 };
// A numeral as the page's language writes it, else as the other does: 1.500,5 or 1,500.5.
const numeral = (text) => {
  const ways = [[".", ","], [",", "."]];
  if (/^[1-9]\d{0,2}(,\d{3})*,\d{2}0$/.test(text)) return Number(text.replaceAll(",", ""));
  for (const [group, point] of LANGUAGE === "vi" ? ways : ways.reverse()) {
    if (new RegExp(`^(?:\\d+|[1-9]\\d{0,2}(?:\\${group}\\d{3})+)(?:\\${point}\\d+)?$`).test(text))
      return Number(text.replaceAll(group, "").replace(point, "."));
  }
  return null;
};
// The number that a field says in its unit; nothing where it says a formula or another unit.
const spoken = (text, units) => {
  const file = text.match(/^\s*([+-]?\d+(?:\.\d+)?e[+-]?\d+)\s*(.*?)\s*$/i);
  if (file) return units.includes(file[2].toLowerCase()) ? Number(file[1]) : null;
  const found = text.match(/^\s*([+\-−]?)(\d[\d.,\u00a0\u202f]*)\s*(.*?)\s*$/);
  if (!found) return null;
  const [first, ...rest] = found[3].toLowerCase().split(/\s+/);
  const power = POWERS[first], unit = power ? rest.join(" ") : found[3].toLowerCase();
  const value = numeral(found[2].replace(/[\u00a0\u202f]/g, ""));
  if (value === null || !(units.includes(unit) || (power && !unit && units[0] === "vnd"))) return null;
  return value * (power ?? 1) * (/[-−]/.test(found[1]) ? -1 : 1);
};
document.querySelectorAll("input.slide").forEach((slide) => {
  const field = document.getElementById(slide.dataset.for);
  if (!field) return;
  // The field holds its number as the page's language writes it or as files do; the slider counts in `factor`.
  const units = slide.dataset.units.toLowerCase().split("|");
  // A number without a unit may be a year, in which nothing is parted.
  const grouped = slide.dataset.behind !== "";
  const said = () => Number(slide.value).toLocaleString(LANGUAGE, { maximumFractionDigits: 12, useGrouping: grouped }) + slide.dataset.behind;
  const follow = () => {
    const value = spoken(field.value, units);
    if (value !== null) slide.value = value / Number(slide.dataset.factor);
    slide.ariaValueText = said();
  };
  slide.hidden = false;
  follow();
  field.addEventListener("input", follow);
  slide.addEventListener("input", () => { slide.ariaValueText = field.value = said(); });
});
// What is unfolded in the answer stays so when the next answer comes.
let unfolded = false;
document.addEventListener("htmx:beforeSwap", () => { unfolded = document.querySelector("#answer details")?.open ?? unfolded; });
document.addEventListener("htmx:afterSwap", () => { document.querySelectorAll("#answer details").forEach((one) => { one.open = unfolded; }); });
