/* What pages do beyond plain HTML: copy buttons, keys, and a word when the server is away. */
"use strict";

const page = document.documentElement;
const say = (text) => { const status = document.getElementById("status"); if (status) status.textContent = text; };
const typing = (element) => element.closest("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");

function showCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
  say("Copied");
  const word = button.lastChild;
  const before = word.textContent;
  word.textContent = "Copied";
  setTimeout(() => { word.textContent = before; }, 1500);
});

/* g then a letter goes somewhere; single keys can be switched off in the settings and rest while somebody types */
const PLACES = { t: "/", s: "/services/", c: "/contacts/", i: "/import/" };
let going = 0;
document.addEventListener("keydown", (event) => {
  if (page.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (going && Date.now() - going < 1500 && PLACES[event.key]) {
    going = 0;
    event.preventDefault();
    location.assign(PLACES[event.key]);
    return;
  }
  going = event.key === "g" ? Date.now() : 0;
  if (event.key === "/") {
    const find = document.getElementById("find");
    if (find && find.offsetParent) { event.preventDefault(); find.focus(); } else location.assign("/search/");
  } else if (event.key === "?") location.assign("/help/");
  else if (event.key === "e") location.assign("/emergency/");
});

/* nothing is shown as done before the server says so; without an answer the form says that, and sends again on request */
function notSaved(form, status) {
  const row = form.closest(".step");
  if (row) row.classList.add("unsent");
  if (form.querySelector(".retry")) return;
  const line = document.createElement("p");
  line.className = "err retry";
  line.setAttribute("role", "alert");
  line.textContent = status === 403
    ? "Not saved: you may not do this, or the page has grown old. Copy what you entered and reload the page."
    : "Not saved: the server did not answer. What you entered is still here; send it again.";
  form.prepend(line);
}
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => { if (event.target.matches("form")) notSaved(event.target, event.detail.xhr?.status); });
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches("form")) return;
  event.target.querySelector(".retry")?.remove();
  event.target.closest(".step")?.classList.add("sending");
});
document.addEventListener("htmx:afterRequest", (event) => event.target.closest?.(".step")?.classList.remove("sending"));
/* where the styles show a summary, on a phone, long sections start folded, except the one that the address names */
const folds = (part) => getComputedStyle(part.firstElementChild).display !== "none";
const parts = () => document.querySelectorAll("details.part");
function fold() {
  for (const part of parts()) part.open = !folds(part);
  unfoldTarget();
}
addEventListener("resize", () => { for (const part of parts()) if (!folds(part)) part.open = true; });
function unfoldTarget() {
  const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const part = named && (named.matches("details") ? named : named.querySelector(":scope > details.part"));
  if (part) part.open = true;
}
addEventListener("hashchange", unfoldTarget);

document.addEventListener("htmx:load", (event) => showCopyButtons(event.target));
document.addEventListener("DOMContentLoaded", () => {
  showCopyButtons(document);
  fold();
  document.getElementById("errors")?.focus();
});
