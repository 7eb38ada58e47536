// What a tap brings along of its place: the phone's position, the community's code in the address.
// The position is asked for at the tap alone, once, and never watched; without one the tap stands.
// On other pages: data-locate (a button) fills data-locate-pair, data-locate-accuracy, data-locate-system.
"use strict";
(() => {
  const LONGEST = 8000, PROMPT = 15000, REASONS = { 1: "refused", 2: "unavailable", 3: "timeout" };
  const address = () => new URLSearchParams(location.search).get("code") || "";
  const wait = (ms, answer) => new Promise((done) => { setTimeout(() => done(answer), ms); });

  async function position() {
    if (!window.isSecureContext) return { why: "insecure" };
    if (!navigator.geolocation) return { why: "unavailable" };
    const may = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (may?.state === "denied") return { why: "refused" };
    const asked = new Promise((done) => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => done({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }),
        (error) => done({ why: REASONS[error.code] || "unavailable" }),
        { enableHighAccuracy: true, timeout: LONGEST, maximumAge: 0 },
      );
    });
    return Promise.race([asked, wait(may?.state === "prompt" ? PROMPT : LONGEST + 500, { why: "timeout" })]);
  }

  window.dutyPlace = {
    patience: PROMPT + 1000,
    position,
    isAsked: (state) => (document.getElementById("duty-position")?.dataset.on || (state?.position ? "1" : "")) === "1",
    scanned: () => address().slice(0, 12),
    code(given) { // the code of this place goes with one tap; the address forgets it
      if (!address() || given.place.split("|")[0] !== address().slice(0, 12)) return {};
      const code = address();
      history.replaceState(history.state, "", location.pathname);
      return { code };
    },
  };

  // A form that takes a place: the button fills in where the phone is
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-locate]");
    if (!button) return;
    const form = button.closest("form"), told = form.querySelector("[data-locate-told]");
    button.disabled = true;
    told.textContent = button.dataset.locate;
    const found = await position();
    button.disabled = false;
    told.textContent = found.why ? told.dataset[found.why] : told.dataset.found.replace("{n}", Math.ceil(found.accuracy));
    if (found.why) return;
    form.elements.pair.value = `${found.lon.toFixed(6)},${found.lat.toFixed(6)}`;
    form.elements.accuracy.value = Math.ceil(found.accuracy);
    form.querySelector("input[name=system][value=wgs84]").checked = true;
  });
  document.addEventListener("input", (event) => { // typed over: no longer the phone's own
    if (event.target.name === "pair" && event.target.form?.elements.accuracy) event.target.form.elements.accuracy.value = "";
  });
  for (const button of document.querySelectorAll("[data-locate]")) button.hidden = false;
})();
