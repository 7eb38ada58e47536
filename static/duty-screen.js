// The community's screen: the next code when this one is over, a clear sign when none can be had.
"use strict";
(() => {
  const AGAIN = 5000;
  let timer = 0;
  const after = (ms) => { clearTimeout(timer); timer = setTimeout(next, ms); };
  const screen = () => document.getElementById("screen");
  async function next() {
    try {
      const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout?.(10000) });
      if (answer.status === 404) { location.reload(); return; } // ended: the page says so
      if (!answer.ok) throw new Error(String(answer.status));
      const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("screen");
      screen().replaceWith(made);
      after(made.dataset.left * 1000 + 300);
    } catch {
      screen().classList.add("screen-stale");
      after(AGAIN);
    }
  }
  const awake = () => navigator.wakeLock?.request("screen").catch(() => null);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { awake(); next(); } });
  awake();
  after(screen().dataset.left * 1000 + 300);
})();
