// Photos of a session: written down on the phone first, then sent until they arrived.
// Apart from the taps on purpose: whatever goes wrong with a photo, a tap never waits for it.
// The picture leaves the phone when the server has it or says that it never can be taken; whatever
// else is answered, it stays here with the reason: `held` is retried now and then, or by hand.
// Inputs: [data-photo] in a form with data-of (a session, or the key of its sign-in). Words: #photo-queue.
"use strict";
(() => {
  const panel = document.getElementById("photo-queue");
  if (!panel || !window.indexedDB || !window.fetch) return;
  const part = (name) => panel.querySelector(`[data-part="${name}"]`);
  const FIRST_WAIT = 5000, LONGEST_WAIT = 300000, HELD_FOR = 3600000;
  const SOON = [408, 429], NOT_YET = 425, NEVER = [409, 410, 422]; // and all above 499 soon
  const online = document.body.dataset.person;
  let person = online || "", at = null, sending = false, more = false, timer = 0, waitMs = FIRST_WAIT, why = "", early = new Map();
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
    if (!person) return;
    more = true; // whoever asks while a photo is under way is not forgotten
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    while (more) {
      more = false;
      try { await alone(send); } catch (fault) { why = fault.answered ? "busy" : "offline"; later(); }
    }
    sending = false;
    await show();
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(flush, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT);
  }
  const ask = (address, options = {}) => fetch(address, { redirect: "manual", cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout?.(60000), ...options });
  const answered = (answer) => Object.assign(new Error(String(answer.status)), { answered: true });
  const isDue = (photo) => !photo.words && (!photo.held || Date.now() - photo.heldAt > HELD_FOR);
  async function send() {
    const due = (await mine()).filter(isDue);
    let sent = 0;
    why = "";
    early = new Map();
    for (const photo of due) {
      const token = await greet();
      if (!token) return;
      const body = new FormData();
      body.set("of", photo.of);
      body.set("photo", new Blob([photo.bytes], { type: photo.type }), "photo.jpg");
      const answer = await ask(panel.dataset.take, { method: "POST", body, headers: { "X-CSRFToken": token } });
      if (answer.type === "opaqueredirect" || answer.status === 401) { why = "expired"; return; }
      if (SOON.includes(answer.status) || answer.status > 499) throw answered(answer);
      const { words, tone, again } = await answer.json().catch(() => ({}));
      if (answer.ok) {
        await change((store) => store.delete(photo.key));
        told(say("saved", { words }), tone === "success" ? "success" : "warning");
        sent += 1;
      } else if (answer.status === NOT_YET) early.set(photo.key, words); // the others go on
      else if (NEVER.includes(answer.status) && words && !again) await note(photo.key, { bytes: null, words });
      else await note(photo.key, { held: words || say("refused", { code: answer.status }), heldAt: Date.now() });
    }
    if (early.size) later(); else waitMs = FIRST_WAIT;
    if (sent && online && window.htmx) htmx.ajax("GET", panel.dataset.page, { target: "#duty-today", swap: "outerHTML" });
  }
  async function greet() { // a token where this person is signed in, else "" and why
    const answer = await ask(panel.dataset.phone);
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { why = "expired"; return ""; }
    if (!answer.ok) throw answered(answer);
    const { token, person: here } = await answer.json();
    if (here !== person) { why = "expired"; return ""; }
    return token;
  }
  async function note(key, more) { // on a photo that is still here
    await change((store) => {
      const asked = store.get(key);
      asked.onsuccess = () => { if (asked.result) store.put({ ...asked.result, ...more }); };
    });
  }
  const drop = (key) => change((store) => store.delete(key)).then(show);
  const resend = (key) => note(key, { held: "", heldAt: 0 }).then(() => { waitMs = FIRST_WAIT; return flush(); });

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
    const item = document.createElement("li"), main = make("div", "row-main"), acts = make("div", "queue-acts");
    main.append(make("strong", "", photo.name));
    item.append(main);
    const button = (word, act) => {
      const made = make("button", "btn", say(word));
      made.type = "button";
      made.addEventListener("click", () => { made.disabled = word === "again"; act(); });
      acts.append(made);
    };
    if (photo.words) {
      main.append(make("div", "tone-danger", photo.words));
      button("seen", () => drop(photo.key));
    } else {
      const reason = photo.held ? say("held", { words: photo.held }) : early.get(photo.key) || say(why);
      if (reason) main.append(make("div", photo.held ? "tone-danger" : "muted", reason));
      if (photo.held) { button("again", () => resend(photo.key)); button("drop", () => confirmDrop(photo)); }
      else item.append(make("span", "pill tone-warning", say("waits")));
    }
    if (acts.childElementCount) item.append(acts);
    return item;
  }
  function confirmDrop(photo) { // it is on this phone alone
    part("sure").showModal();
    part("gone").onclick = () => { part("sure").close(); drop(photo.key); };
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
