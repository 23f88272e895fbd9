// Keys beside the drafts of a document: j and k go on and back, c takes, r rejects. Everything works without this file.
"use strict";
document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.ctrlKey || event.altKey || event.metaKey || at.closest("input, select, textarea")) return;
  const place = { j: "a[rel=next]", k: "a[rel=prev]", c: ".take button", r: ".rejecting button" }[event.key];
  const found = place && document.querySelector(".decide " + place);
  if (found) {
    event.preventDefault();
    found.click();
  }
});
