// CounselHub's own behaviour. Every page works without it; it makes them quicker and safer.
// Attributes: data-open data-close data-confirm data-confirmed data-keep data-step data-now
// data-fresh data-select-all data-bulk data-keys data-key data-reveal data-search data-print
// data-sign-out data-enter data-focus.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const say = (word) => document.body.dataset["say" + word] || "";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Toasts: HX-Trigger {"toast": {"message": "…", "tone": "success"}}
  function toast(message, tone = "info", label = "", act = null, drop = null) {
    const note = document.createElement("div");
    note.className = `notice tone-${tone}`;
    note.append(Object.assign(document.createElement("div"), { textContent: message }));
    if (act) {
      const button = Object.assign(document.createElement("button"), { className: "btn btn-sm", textContent: label });
      button.type = "button";
      button.addEventListener("click", () => { note.remove(); act(); });
      note.append(button);
    }
    const close = Object.assign(document.createElement("button"), { className: "btn btn-sm btn-plain", textContent: "×" });
    close.type = "button";
    close.setAttribute("aria-label", say("Close"));
    close.addEventListener("click", () => { note.remove(); drop?.(); });
    note.append(close);
    document.getElementById("toasts").append(note);
    if (tone !== "danger") setTimeout(() => note.remove(), act ? 60000 : 6000);
  }
  document.addEventListener("toast", (event) => toast(event.detail.message || event.detail.value, event.detail.tone));
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
    document.addEventListener(name, (event) => toast(say(event.detail.xhr?.status === 400 ? "Old" : "Failed"), "danger"));

  // Dialogs, menus, steppers, printing
  document.addEventListener("click", (event) => {
    const at = event.target.closest?.("[data-open],[data-close],[data-step],[data-print]");
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (event.target.matches?.("dialog.dialog")) event.target.close(); // the backdrop
    if (!at) return;
    if (at.dataset.open !== undefined) {
      const dialog = document.getElementById(at.dataset.open);
      if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
    } else if (at.dataset.close !== undefined) at.closest("dialog")?.close();
    else if (at.dataset.print !== undefined) window.print();
    else {
      const input = at.parentElement.querySelector("input");
      at.dataset.step < 0 ? input.stepDown() : input.stepUp();
      for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  });

  // Submitting: ask first (data-confirm), never twice, keep what was typed
  let saved = 0; // when an entry was last saved here
  const lacks = (form) => [...form.elements].some((field) => field.validity?.valueMissing && !field.closest("dialog")); // to be refused: nothing to ask
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("fresh" in form.dataset && Date.now() - saved < 1000 && lacks(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; } // the second tap of two
    if ("confirm" in form.dataset && event.submitter?.dataset.confirmed === undefined && !lacks(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      form.querySelector("dialog").showModal();
      return;
    }
    if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.busy) return;
    form.querySelector("dialog[open]")?.close();
    if ("signOut" in form.dataset) forgetAll();
    if (form.closest("#confirming")) letGo();
    if (event.defaultPrevented) return; // htmx's own, see below, or refused
    busy(form, true);
    mark(form, true);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (form.matches("form") && event.detail.requestConfig.verb !== "get") busy(form, true);
  });
  function busy(form, on) {
    if (on) form.dataset.busy = "1"; else delete form.dataset.busy;
    form.setAttribute("aria-busy", on);
  }
  window.addEventListener("pageshow", () => all("form[data-busy]").forEach((form) => busy(form, false)));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig.elt.closest("form"); // it may have left the page already
    if (!form) return;
    busy(form, false);
    if (event.detail.xhr.getResponseHeader("HX-Retarget") === "#main") hold(keyOf(form)); // asked who is there first
    if (event.detail.xhr.status < 400 && event.detail.xhr.status && event.detail.requestConfig.verb !== "get") {
      forget(form);
      if ("fresh" in form.dataset) { form.reset(); saved = Date.now(); } // ready for the next entry
    } else if (event.detail.xhr.status === 409) refuse(form);
  });

  // data-keep: unsent text outlives a lost session; it is kept for one person, in this tab only
  const person = document.body.dataset.person;
  const keyOf = (form) => `keep:${person}:${form.dataset.keep || new URL(form.action).pathname}`;
  const kept = () => Object.keys(sessionStorage).filter((key) => key.startsWith("keep:"));
  const read = (key) => JSON.parse(sessionStorage.getItem(key) || "null");
  const write = (key, entry) => { try { sessionStorage.setItem(key, JSON.stringify(entry)); } catch { /* full */ } };
  const forget = (form) => sessionStorage.removeItem(keyOf(form));
  const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
  const forgetAll = () => { ["duty-state", ...drafts()].forEach((key) => localStorage.removeItem(key)); kept().forEach((key) => sessionStorage.removeItem(key)); };
  const keepable = (form) => [...form.elements].filter((f) => f.name && !/^(hidden|password|file|submit|button)$/.test(f.type));
  function mark(form, sent) {
    const entry = "keep" in form.dataset && read(keyOf(form));
    if (entry) write(keyOf(form), { ...entry, sent });
  }
  function refuse(form) { // what others wrote came in between: never fill it in again unasked
    const entry = "keep" in form.dataset && read(keyOf(form));
    if (entry) write(keyOf(form), { ...entry, refused: true });
  }
  // What waits for a confirmation is held: back on the form it is there, carried on it counts as sent.
  function hold(key) {
    const entry = read(key);
    if (entry) write(key, { ...entry, sent: false, held: true });
  }
  function letGo() {
    for (const key of kept()) if (read(key).held) write(key, { ...read(key), sent: true, held: false });
  }
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !("keep" in form.dataset) || !person) return;
    const fields = keepable(form).filter((f) => !/^(radio|checkbox)$/.test(f.type) || f.checked).map((f) => [f.name, f.value]);
    write(keyOf(form), { sent: false, fields });
  });
  function restore(form) {
    const entry = read(keyOf(form));
    if (!entry || entry.sent || form.dataset.restored || form.querySelector("[aria-invalid]")) return;
    form.dataset.restored = "1";
    if (!keepable(form).some((field) => put(field, entry, false))) return;
    const fill = () => keepable(form).forEach((field) => put(field, entry, true));
    if (entry.refused || document.getElementById("refusal")) return toast(say("Kept"), "info", say("PutBack"), fill, () => forget(form)); // see first what others wrote
    fill();
    toast(say("Restored"));
  }
  function put(field, entry, write) { // whether the kept value is another one than the field's
    const values = entry.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    const what = /^(radio|checkbox)$/.test(field.type) ? "checked" : "value";
    const kept = what === "checked" ? values.includes(field.value) : values[0];
    if (kept === undefined || kept === field[what]) return false;
    if (write) field[what] = kept;
    return true;
  }
  function settleKept() { // on a page: what was sent has arrived, unless we stand before the sign-in page
    for (const key of kept()) {
      const entry = read(key);
      if (document.getElementById("confirming")) { if (entry.sent) hold(key); continue; }
      if (entry.held) { entry.held = false; write(key, entry); }
      if (!person || (entry.sent && document.getElementById("refusal"))) write(key, { ...entry, sent: false, refused: entry.refused || Boolean(person) });
      else if (!key.startsWith(`keep:${person}:`)) sessionStorage.removeItem(key);
      else if (entry.sent && !document.querySelector("form[data-keep] [aria-invalid]")) sessionStorage.removeItem(key);
    }
  }

  // Elapsed time: <time data-now datetime="2026-10-08T09:30:00+08:00">
  function tick() {
    for (const time of all("time[data-now]")) {
      const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(time.dateTime)) / 60000));
      time.textContent = say("Elapsed").replace("{h}", Math.floor(minutes / 60)).replace("{m}", String(minutes % 60).padStart(2, "0"));
    }
  }
  setInterval(tick, 15000);

  // Bulk: <form data-bulk> with data-select-all, rows' check boxes and a .bulk-bar with data-count
  const rowBoxes = (form) => all("tbody input[type=checkbox]", form);
  function countBulk(form) {
    const boxes = rowBoxes(form), on = boxes.filter((box) => box.checked).length;
    for (const master of all("[data-select-all]", form)) {
      master.checked = on > 0 && on === boxes.length;
      master.indeterminate = on > 0 && on < boxes.length;
    }
    all("[data-count]", form).forEach((place) => { place.textContent = on; });
    form.querySelector(".bulk-bar")?.classList.toggle("on", on > 0);
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-bulk]");
    if (!form) return;
    if ("selectAll" in event.target.dataset) rowBoxes(form).forEach((box) => { box.checked = event.target.checked; });
    countBulk(form);
  });

  // Keyboard
  function walk(table, by) {
    const rows = all("tbody tr", table), now = rows.findIndex((row) => row.classList.contains("at"));
    const next = Math.min(rows.length - 1, Math.max(0, now + by));
    rows.forEach((row, i) => row.classList.toggle("at", i === next));
    rows[next]?.scrollIntoView({ block: "nearest" });
    const link = rows[next]?.querySelector("a[href]");
    (link || rows[next])?.focus({ preventScroll: true });
    if (table.dataset.keys === "open") link?.click(); // its details stand beside the list
  }
  function pressWhenCome(link, key) { // what stands beside the list is still the row before: not that one is meant
    link.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) document.querySelector(`[data-key="${key}"]`)?.click();
    }, { once: true });
  }
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("a[href]")?.closest('table[data-keys="open"] tbody tr');
    if (row) all("tr", row.parentElement).forEach((other) => other.classList.toggle("at", other === row));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details.menu[open]").forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
    if (event.key === "Enter" && !event.isComposing && event.target.matches?.("[data-enter]")) {
      document.getElementById(event.target.dataset.enter).click(); // not the form's own button
      event.preventDefault();
      return;
    }
    const typing = event.target.matches?.("textarea,select,[contenteditable],input:not([type=checkbox],[type=radio])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    const table = document.querySelector("table[data-keys]"), row = table?.querySelector("tr.at");
    const box = row?.querySelector("input[type=checkbox]"), link = row?.querySelector("a[href]");
    const search = document.querySelector("[data-search]");
    const beside = table?.dataset.keys === "open" && !event.target.matches?.("input[type=radio],summary");
    const hot = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    const coming = beside && row?.querySelector("a.htmx-request");
    if (event.key === "/" && search) search.focus();
    else if (event.key === "?" || event.key === "？") document.getElementById("shortcuts")?.showModal();
    else if (hot && coming) pressWhenCome(coming, event.key);
    else if (hot) hot.click();
    else if ((event.key === "j" || (beside && event.key === "ArrowDown")) && table) walk(table, 1);
    else if ((event.key === "k" || (beside && event.key === "ArrowUp")) && table) walk(table, -1);
    else if (event.key === "x" && box) box.click();
    else if (event.key === "Enter" && link && !event.target.matches("a,button,summary")) link.click();
    else return;
    event.preventDefault();
  });

  // The open tab of a bar that is wider than the window
  function bringIntoSight(tab) {
    const bar = tab.parentElement;
    const hidden = tab.getBoundingClientRect().right - bar.getBoundingClientRect().right;
    if (hidden > 0) bar.scrollLeft += hidden;
  }

  // After loading and after every swap
  function wake(within) {
    all("form[data-keep]", within).forEach((form) => person && restore(form));
    all("form[data-bulk]").forEach(countBulk);
    all(".tabs [aria-current]", within).forEach(bringIntoSight);
    tick();
    within.querySelector('[aria-invalid="true"], #refusal')?.focus();
  }
  let lost = false; // whether what had the focus is swapped away
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, requestConfig } = event.detail, form = requestConfig.elt.closest("form");
    lost = target.contains(document.activeElement);
    if (form && xhr.status < 400 && requestConfig.verb !== "get") forget(form); // before a form like it comes
  });
  settleKept();
  wake(document);
  document.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.detail.elt;
    wake(swapped.parentElement || document);
    if (lost && document.activeElement === document.body) swapped.querySelector("[data-focus]")?.focus({ preventScroll: true });
    if ("reveal" in swapped.dataset && swapped.getBoundingClientRect().top > innerHeight * 0.8) swapped.scrollIntoView();
  });
})();
