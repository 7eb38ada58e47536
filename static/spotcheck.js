// The checker's form: what is typed outlives a lost signal and a killed browser, and is sent once.
// form[data-draft]; data-done: the key of the form that recorded last. Kept on this phone until then.
"use strict";
(() => {
  const person = document.body.dataset.person;
  const forms = () => [...document.querySelectorAll("form[data-draft]")];
  const nameOf = (form) => `draft:${person}:${new URL(form.action).pathname}`;
  const fields = (form) => [...form.elements].filter((one) => one.name && !/^(file|submit|button)$/.test(one.type) && !/^(csrf_token|revision)$/.test(one.name));
  const read = (form) => JSON.parse(localStorage.getItem(nameOf(form)) || "null");
  const waits = (form, on) => form.querySelectorAll("[data-waiting]").forEach((one) => { one.hidden = !on; });

  function keep(form) {
    const values = fields(form).filter((one) => !/^(radio|checkbox)$/.test(one.type) || one.checked).map((one) => [one.name, one.value]);
    try { localStorage.setItem(nameOf(form), JSON.stringify(values)); } catch { /* full or forbidden */ }
  }
  function restore(form) {
    const kept = read(form);
    if (!kept) return;
    const values = new Map(kept);
    if (values.get("key") === form.dataset.done) return localStorage.removeItem(nameOf(form));
    if (form.querySelector("[aria-invalid]")) return;
    for (const one of fields(form)) {
      if (/^(radio|checkbox)$/.test(one.type)) one.checked = values.get(one.name) === one.value;
      else if (values.has(one.name)) one.value = values.get(one.name);
    }
    form.querySelectorAll("[data-restored]").forEach((one) => { one.hidden = false; });
  }
  const wake = () => person && forms().forEach(restore);
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && "draft" in form.dataset && person) keep(form);
  });
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.detail.elt.closest("form[data-draft]");
    if (form) { keep(form); waits(form, true); form.dataset.again = "1"; }
  });
  window.addEventListener("online", () => forms().forEach((form) => {
    if (form.dataset.again) { delete form.dataset.again; waits(form, false); form.requestSubmit(); }
  }));
  document.addEventListener("htmx:afterSettle", wake);
  wake();
})();
