// Duty on the phone without a signal: taps are written down here first, then sent until they arrived.
// Forms: data-punch="in|out" with data-ends, data-at, data-name (of a sign-out). Words: #duty-queue.
"use strict";
(() => {
  const panel = document.getElementById("duty-queue");
  if (!panel || !window.indexedDB || !window.fetch) return;
  const part = (name) => panel.querySelector(`[data-part="${name}"]`);
  const STATE = "duty-state", FIRST_WAIT = 5000, LONGEST_WAIT = 300000;
  const place = window.dutyPlace;
  let state = read(), holding = 0, waitMs = FIRST_WAIT, timer = 0, sending = false, why = "";
  const online = document.body.dataset.person; // none on the page that the worker keeps
  if (state && online && state.person !== online) state = null; // somebody else's phone now
  const person = () => online || state?.person || "";
  const say = (word, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), (!online && state?.words?.[word]) || panel.dataset[word] || "");

  function read() { try { return JSON.parse(localStorage.getItem(STATE)); } catch { return null; } }
  function keep(next) {
    state = next;
    try { localStorage.setItem(STATE, JSON.stringify(next)); } catch { /* a full phone: the queue matters more */ }
  }

  // The queue: one entry for each tap, by its key, until the server has it
  const opening = new Promise((done, fail) => {
    const asked = indexedDB.open("duty", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("taps", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const settled = (asked) => new Promise((done, fail) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => fail(asked.error); });
  async function change(act) {
    const work = (await opening).transaction("taps", "readwrite", { durability: "strict" });
    const over = new Promise((done, fail) => { work.oncomplete = done; work.onabort = work.onerror = () => fail(work.error); });
    act(work.objectStore("taps"));
    await over;
    others?.postMessage("changed");
  }
  async function mine() {
    const all = await settled((await opening).transaction("taps").objectStore("taps").getAll());
    return all.filter((one) => one.person === person()).sort((a, b) => a.tapped - b.tapped);
  }
  const others = window.BroadcastChannel ? new BroadcastChannel("duty") : null;
  others?.addEventListener("message", () => { state = read(); show(); });

  // Where the lawyer is by what this phone knows: the server's word, then the taps that wait
  function running(taps) {
    let now = state?.running && !state.running.forgotten ? state.running : null;
    for (const tap of taps) {
      if (tap.result) continue;
      if (tap.kind === "in") now = { ends: tap.key, place: tap.place.split("|")[0], name: tap.name, since: tap.tapped + (tap.offset || 0) };
      else if (now && tap.ends === now.ends) now = null;
    }
    return now;
  }

  async function tap(given) {
    const taps = await mine(), at = running(taps);
    if (given.kind === "in" && at) return at.place === given.place.split("|")[0] ? show() : told(say("leave", { name: at.name }));
    if (given.kind === "out" && taps.some((one) => !one.result && one.ends === given.ends)) return show();
    const entry = { key: crypto.randomUUID?.() || uuid(), person: person(), tapped: Date.now(), offset: state?.offset ?? null, ...given, ...place?.code(given) };
    const asks = place?.isAsked(state); // written down first: whatever becomes of the position, the tap is safe
    await change((store) => store.put(asks ? { ...entry, until: Date.now() + place.patience } : entry));
    await show();
    if (asks) await add(entry.key, { position: await place.position() });
    await flush();
  }
  async function add(key, more) { // to a tap that still waits here, and lets it go
    await change((store) => {
      const asked = store.get(key);
      asked.onsuccess = () => { if (asked.result && !asked.result.result) store.put({ ...asked.result, ...more, until: 0 }); };
    });
  }
  function uuid() { // where the page came without encryption
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return [...bytes].map((one, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + one.toString(16).padStart(2, "0")).join("");
  }
  function told(message, tone = "warning") {
    document.dispatchEvent(new CustomEvent("toast", { detail: { message, tone } }));
  }

  // Sending: one tab at a time, all that waits at once, again after a while when it fails
  const alone = (work) => navigator.locks ? navigator.locks.request("duty-send", work) : work();
  async function flush() {
    if (sending || !person()) return;
    sending = true;
    clearTimeout(timer);
    try { await alone(send); } catch (fault) { why = fault.answered ? "busy" : "offline"; later(); } finally { sending = false; await show(); }
  }
  function later() {
    clearTimeout(timer);
    timer = setTimeout(flush, waitMs);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT);
  }
  async function send() {
    let sent = 0, most = 20;
    for (let taps = await waiting(); taps.length; taps = await waiting()) {
      const token = await greet();
      if (!token) return;
      const batch = taps.slice(0, most), now = Date.now();
      const body = new URLSearchParams({ punches: JSON.stringify(batch.map(({ person: _who, name: _name, until: _until, ...one }) => ({ ...one, sent: now }))) });
      const answer = await ask(panel.dataset.take, { method: "POST", body, headers: { "X-CSRFToken": token } });
      if (answer.type === "opaqueredirect" || answer.status === 401) { why = "expired"; return; }
      if (answer.status === 403) { why = "refused"; return; }
      if (answer.status === 422 && batch.length > 1) { most = 1; continue; } // one of them is odd, not all
      if (answer.status === 422) { await refuse(batch); continue; }
      if (!answer.ok) throw answered(answer);
      await settle((await answer.json()).results);
      sent += batch.length;
    }
    why = "";
    waitMs = FIRST_WAIT;
    if (sent) await arrived();
  }
  const answered = (answer) => Object.assign(new Error(String(answer.status)), { answered: true });
  const waiting = async () => (await mine()).filter((one) => !one.result && !isHeld(one));
  const isHeld = (one) => one.until > Date.now(); // its position is being asked for
  const ask = (address, options = {}) => fetch(address, { redirect: "manual", cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout?.(15000), ...options });
  async function greet() { // who is signed in here, and how far this clock is off
    const left = Date.now(), answer = await ask(panel.dataset.phone), back = Date.now();
    if (answer.type === "opaqueredirect" || answer.status === 401) { why = "expired"; return ""; }
    if (answer.status === 403) { why = "refused"; return ""; }
    if (!answer.ok) throw answered(answer);
    const { token, ...next } = await answer.json();
    if (next.person !== person()) { why = "expired"; return ""; }
    keep({ ...next, offset: Math.round(next.now - (left + back) / 2), words: online ? { ...panel.dataset } : state?.words });
    return token;
  }
  async function settle(results) {
    const taps = new Map((await mine()).map((one) => [one.key, one]));
    await change((store) => {
      for (const result of results) {
        if (result.refused) store.put({ ...taps.get(result.key), position: undefined, result });
        else store.delete(result.key);
      }
    });
    for (const result of results) {
      const kind = say(taps.get(result.key)?.kind === "out" ? "out" : "in");
      if (!result.refused) told([`${kind} ${result.at}`, result.words, result.timing, result.place].filter(Boolean).join(" · "), "success");
    }
  }
  const refuse = (batch) => change((store) => batch.forEach((one) => store.put({ ...one, result: { words: say("odd"), advice: "" } })));
  async function arrived() {
    await greet();
    if (!online) location.replace(panel.dataset.page);
    else if (window.htmx) htmx.ajax("GET", panel.dataset.page, { target: "#duty-today", swap: "outerHTML" });
    else location.reload();
  }

  // What the panel shows
  const clock = (instant) => new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);
  const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
  async function show() {
    const taps = await mine(), left = taps.filter((one) => !one.result).length, page = document.getElementById("duty-today");
    panel.hidden = false;
    part("count").textContent = left ? say("left", { n: left }) : "";
    const held = taps.filter((one) => !one.result && isHeld(one));
    part("why").textContent = held.length ? say("locating") : left || !online ? say(why || (navigator.onLine ? "sending" : "offline")) : "";
    if (held.length && !holding) holding = setTimeout(() => { holding = 0; flush(); }, Math.max(...held.map((one) => one.until)) - Date.now() + 100); // its page may be gone
    part("bar").hidden = !left && Boolean(online);
    part("send").hidden = !left;
    part("sign").hidden = why !== "expired" && Boolean(person());
    part("rows").replaceChildren(...taps.map(row));
    if (page) page.hidden = left > 0;
    document.dispatchEvent(new CustomEvent("duty:state", { detail: { at: running(taps), person: person(), left } }));
    const local = left > 0 || !online;
    part("local").hidden = !local;
    part("local").replaceChildren(...(local && person() ? buttons(running(taps)) : []));
  }
  function row(tap) {
    const item = document.createElement("li"), main = make("div", "row-main");
    main.append(make("strong", "", `${say(tap.kind)} · ${tap.name}`), make("div", "muted tnum", clock(tap.tapped + (tap.offset || 0))));
    item.append(main);
    if (!tap.result) { item.append(make("span", "status tone-warning", say("waits"))); return item; }
    main.append(make("div", "tone-danger", [tap.result.words, tap.result.advice].filter(Boolean).join("。")));
    const seen = make("button", "btn", say("seen"));
    seen.type = "button";
    seen.addEventListener("click", () => change((store) => store.delete(tap.key)).then(show));
    item.append(seen);
    return item;
  }
  function buttons(at) {
    const button = (className, text, given) => {
      const made = make("button", className, text);
      made.type = "button";
      made.addEventListener("click", () => { made.disabled = true; tap(given).catch(() => told(say("full"), "danger")); });
      return made;
    };
    const scanned = place?.scanned() ? [make("p", "muted", say("scanned"))] : [], first = (one) => (place?.scanned() === one.place ? 0 : 1);
    if (!at) return scanned.concat([...(state?.places || [])].sort((a, b) => first(a) - first(b)).map((one) => button("tap", `${say("in")} · ${one.name}`, { kind: "in", place: one.place, name: one.name })));
    return [...scanned, make("p", "", say("since", { name: at.name, time: clock(at.since) })), button("tap tap-end", say("out"), { kind: "out", place: at.place, name: at.name, ends: at.ends })];
  }

  // The page's own forms: written down first; where nothing can be written, sent as they are
  window.addEventListener("submit", (event) => {
    const form = event.target, kind = form.dataset?.punch;
    if (!kind || form.dataset.plain) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const plain = () => { form.dataset.plain = "1"; form.requestSubmit(event.submitter); };
    const select = form.querySelector("select[name=place]"), typed = new FormData(form);
    const place = form.dataset.at || event.submitter?.value || select?.value;
    if (!place) return plain();
    const name = form.dataset.name || event.submitter?.dataset.name || select?.selectedOptions[0].textContent.trim();
    const more = kind === "out" ? { ends: form.dataset.ends, remark: typed.get("remark") || "", confirmed: typed.has("community_confirmed") } : {};
    opening.then(() => tap({ kind, place, name, ...more })).catch(plain);
  }, true);

  part("send").addEventListener("click", async () => { // now, with or without a position
    const held = (await mine()).filter((one) => !one.result && isHeld(one));
    if (held.length) await change((store) => held.forEach((one) => store.put({ ...one, until: 0 })));
    waitMs = FIRST_WAIT;
    flush();
  });
  window.addEventListener("online", () => { waitMs = FIRST_WAIT; why = ""; flush(); });
  window.addEventListener("offline", () => show());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
  document.addEventListener("htmx:afterSettle", () => { if (!sending) show(); });
  opening.then(show).then(() => (online ? greet() : null)).catch(() => null).then(flush).then(() => { if (!online && navigator.onLine && !why) waiting().then((left) => left.length || later()); });
  if (navigator.serviceWorker) navigator.serviceWorker.register(panel.dataset.worker, { scope: panel.dataset.page }).catch(() => null);
})();
