// Photos of a session: written down on the phone first, then sent until they arrived.
// Apart from the taps on purpose: whatever goes wrong with a photo, a tap never waits for it.
// Inputs: [data-photo] in a form with data-of (a session, or the key of its sign-in). Words: #photo-queue.
"use strict";
(() => {
  const panel = document.getElementById("photo-queue");
  if (!panel || !window.indexedDB || !window.fetch) return;
  const part = (name) => panel.querySelector(`[data-part="${name}"]`);
  const FIRST_WAIT = 5000, LONGEST_WAIT = 300000, AGAIN = [408, 425, 429, 500, 502, 503, 504];
  const online = document.body.dataset.person;
  let person = online || "", at = null, sending = false, timer = 0, waitMs = FIRST_WAIT;
  const say = (word, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), panel.dataset[word] || "");
  const told = (message, tone = "warning") => document.dispatchEvent(new CustomEvent("toast", { detail: { message, tone } }));

  const opening = new Promise((done, fail) => {
    const asked = indexedDB.open("duty-photos", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "key", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  async function change(act) {
    const work = (await opening).transaction("photos", "readwrite");
    const over = new Promise((done, fail) => { work.oncomplete = done; work.onabort = work.onerror = () => fail(work.error); });
    act(work.objectStore("photos"));
    await over;
  }
  async function mine() {
    const asked = (await opening).transaction("photos").objectStore("photos").getAll();
    const all = await new Promise((done, fail) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => fail(asked.error); });
    return all.filter((one) => one.person === person);
  }

  async function keep(file, of, name) {
    if (file.size > Number(panel.dataset.largest)) return told(say("large"));
    const before = (await mine()).filter((one) => one.of === of && !one.words);
    if (before.length >= Number(panel.dataset.most)) return told(say("many"));
    const bytes = await file.arrayBuffer(); // a transaction does not wait for it
    await change((store) => store.add({ person, of, name, bytes, type: file.type }));
    await show();
    await flush();
  }

  const alone = (work) => navigator.locks ? navigator.locks.request("photo-send", work) : work();
  async function flush() {
    if (sending || !person) return;
    sending = true;
    clearTimeout(timer);
    try { await alone(send); } catch { later(); } finally { sending = false; await show(); }
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(flush, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT);
  }
  const ask = (address, options = {}) => fetch(address, { redirect: "manual", cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout?.(60000), ...options });
  async function send() {
    let sent = 0;
    for (const photo of (await mine()).filter((one) => !one.words)) {
      const greeting = await ask(panel.dataset.phone);
      if (!greeting.ok) return; // signed out: the taps say so, and the photos wait with them
      const { token, person: here } = await greeting.json();
      if (here !== person) return;
      const body = new FormData();
      body.set("of", photo.of);
      body.set("photo", new Blob([photo.bytes], { type: photo.type }), "photo.jpg");
      const answer = await ask(panel.dataset.take, { method: "POST", body, headers: { "X-CSRFToken": token } });
      if (answer.type === "opaqueredirect") return;
      if (AGAIN.includes(answer.status)) throw new Error(String(answer.status));
      const { words, tone } = await answer.json().catch(() => ({}));
      if (answer.ok) {
        await change((store) => store.delete(photo.key));
        told(say("saved", { words }), tone === "success" ? "success" : "warning");
        sent += 1;
      } else await change((store) => store.put({ ...photo, bytes: null, words: words || say("odd") }));
    }
    waitMs = FIRST_WAIT;
    if (sent && online && window.htmx) htmx.ajax("GET", panel.dataset.page, { target: "#duty-today", swap: "outerHTML" });
  }

  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  async function show() {
    const photos = await mine(), page = document.getElementById("duty-today"), hidden = !page || page.hidden;
    for (const form of document.querySelectorAll(".take-photo")) form.querySelector("[data-plain]").hidden = true;
    part("rows").replaceChildren(...photos.map(row));
    part("take").hidden = !(at && hidden);
    part("name").textContent = at ? at.name : "";
    panel.hidden = !photos.length && part("take").hidden;
  }
  function row(photo) {
    const item = document.createElement("li"), main = make("div", "row-main");
    main.append(make("strong", "", photo.name));
    item.append(main);
    if (!photo.words) { item.append(make("span", "pill tone-warning", say("waits"))); return item; }
    main.append(make("div", "tone-danger", photo.words));
    const seen = make("button", "btn", say("seen"));
    seen.type = "button";
    seen.addEventListener("click", () => change((store) => store.delete(photo.key)).then(show));
    item.append(seen);
    return item;
  }

  document.addEventListener("change", (event) => {
    const input = event.target.closest?.("[data-photo]"), file = input?.files[0];
    if (!file) return;
    const form = input.closest("form"), of = form ? form.dataset.of : at?.ends, name = form ? form.dataset.name : at?.name;
    if (!of) return;
    keep(file, of, name).catch(() => told(say("full"), "danger")).finally(() => { input.value = ""; });
  });
  document.addEventListener("duty:state", (event) => {
    if (!online) person = event.detail.person;
    at = event.detail.at;
    show();
    if (!event.detail.left) flush();
  });
  window.addEventListener("online", () => { waitMs = FIRST_WAIT; flush(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  document.addEventListener("htmx:afterSettle", () => { if (!sending) show(); });
  opening.then(show).then(flush).catch(() => null);
})();
