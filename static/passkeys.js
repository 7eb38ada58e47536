// Passkeys: asks the browser to make or to use one and sends its answer by the page's own form.
// Without it, or where the browser knows no passkeys, the buttons stay hidden: codes always work.
(() => {
  "use strict";
  const able = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function readable(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.allowCredentials, options.excludeCredentials])
      for (const one of list || []) one.id = bytes(one.id);
    return options;
  }

  function sendable(made) {
    const { response } = made, sent = { clientDataJSON: text(response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (response[part]) sent[part] = text(response[part]);
    if (response.getTransports) sent.transports = response.getTransports();
    return { id: made.id, rawId: text(made.rawId), type: made.type, response: sent, clientExtensionResults: {} };
  }

  function say(form, words) {
    const place = form.querySelector("[data-passkey-said]");
    place.textContent = words;
    place.hidden = !words;
  }

  async function ask(button) {
    const { form } = button, kind = button.dataset.passkey;
    for (const field of form.querySelectorAll("[data-needed]")) if (!field.value.trim()) return field.focus();
    say(form, "");
    button.disabled = true;
    try {
      const answer = await fetch(button.dataset.options, { method: "POST", headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" } });
      const options = await answer.json();
      if (!answer.ok) return say(form, options.say || form.dataset.sayBroken);
      const publicKey = readable(options);
      const made = await (kind === "create" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
      form.elements[button.dataset.answer || "answer"].value = JSON.stringify(sendable(made));
      form.submit();
    } catch (fault) {
      const words = { NotAllowedError: form.dataset.sayCancelled, AbortError: form.dataset.sayCancelled, InvalidStateError: form.dataset.sayKnown };
      say(form, words[fault.name] || form.dataset.sayBroken);
    } finally {
      button.disabled = false;
    }
  }

  if (able) for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
  for (const place of document.querySelectorAll("[data-without-passkeys]")) place.hidden = Boolean(able);
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;

  // It comes again with a part of the page that htmx swaps in: the buttons above may be new then
  const root = document.documentElement;
  if ("passkeys" in root.dataset) return;
  root.dataset.passkeys = "";

  if (able)
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-passkey]");
      if (button) ask(button);
    });

  // Recovery codes and secrets: copied at a press
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const place = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(place.dataset.plain || place.innerText);
    button.querySelector("[data-label]").textContent = button.dataset.done;
  });
})();
