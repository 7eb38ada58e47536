// The review page: where the keyboard stands after an act, and on the first blank of a sentence.
"use strict";
(() => {
  const BLANK = /[{｛][^{}｛｝\n]+[}｝]/;
  function standOnBlank(area) {
    const found = BLANK.exec(area.value);
    area.focus();
    if (found) area.setSelectionRange(found.index, found.index + found[0].length);
  }
  function stand(row) { // in sight, whatever has gone from above it
    row?.querySelector("a")?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.detail.elt, verb = event.detail.requestConfig?.verb;
    if (swapped.id === "review" && verb === "post" && !swapped.querySelector('[aria-invalid="true"], #refusal'))
      stand(swapped.querySelector(".line-list tr.at"));
    const area = swapped.id === "line" && swapped.querySelector("details.ask[open] textarea");
    if (area?.value) standOnBlank(area);
  });
  document.addEventListener("toggle", (event) => { // q opens the question: begin to write at once
    const form = event.target.matches("details.ask[open]") && event.target.querySelector("form");
    if (!form || form.contains(document.activeElement)) return;
    form.querySelector("input[type=radio]:checked, input[type=radio], textarea")?.focus();
  }, true);
  document.addEventListener("keydown", (event) => { // Tab goes from blank to blank
    const area = event.target;
    if (event.key !== "Tab" || event.shiftKey || !area.matches?.("details.ask textarea")) return;
    const next = BLANK.exec(area.value);
    if (!next || area.selectionStart === next.index) return; // on the last one Tab goes on
    event.preventDefault();
    standOnBlank(area);
  });
})();
