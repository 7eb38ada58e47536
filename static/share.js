// A link to hand on: by the phone's own way of sharing where it has one, else copied.
"use strict";
(() => {
  const each = (name, act) => { for (const button of document.querySelectorAll(`[data-${name}]`)) act(button); };
  const address = (button, name) => document.getElementById(button.dataset[name]).value;
  each("share", (button) => {
    button.hidden = !navigator.share;
    button.addEventListener("click", () => navigator.share({ title: button.dataset.title, url: address(button, "share") }).catch(() => null));
  });
  each("copy", (button) => {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(address(button, "copy")); } catch { document.getElementById(button.dataset.copy).select(); return; }
      button.querySelector("[data-label]").textContent = button.dataset.done;
    });
  });
})();
