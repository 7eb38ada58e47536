// Cover: copy or share the words for the community. data-copy / data-share name the text area.
"use strict";
(() => {
  const textOf = (button, name) => document.getElementById(button.dataset[name]).value;
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(textOf(button, "copy"));
      document.dispatchEvent(new CustomEvent("toast", { detail: { message: button.dataset.done, tone: "success" } }));
    });
  }
  for (const button of document.querySelectorAll("[data-share]")) {
    if (!navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ text: textOf(button, "share") }).catch(() => { /* closed again */ }));
  }
})();
