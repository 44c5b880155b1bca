/* Passkeys: ask the browser for what the server wants (WebAuthn), put its answer into the form, send that. */
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked(options) {
  const wanted = JSON.parse(options).publicKey;
  wanted.challenge = bytes(wanted.challenge);
  if (wanted.user) wanted.user.id = bytes(wanted.user.id);
  for (const list of ["allowCredentials", "excludeCredentials"]) for (const each of wanted[list] || []) each.id = bytes(each.id);
  return { publicKey: wanted };
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector("[data-problem]");
    problem.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.passkey](asked(form.dataset.options));
      form.elements.credential.value = answered(credential);
      form.submit();
    } catch (error) {
      problem.textContent = error.name === "InvalidStateError" ? "This device has a passkey for you already." : "No passkey was given. Try again, or use another way.";
      problem.hidden = false;
    }
  });
}
