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
const menu = () => document.getElementById("menu");
let going = 0;
document.addEventListener("keydown", (event) => {
  if (page.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target) || menu()?.open) return;
  const place = going && Date.now() - going < 1500 && JSON.parse(menu()?.dataset.go ?? "{}")[event.key];
  going = event.key === "g" ? Date.now() : 0;
  if (place) { event.preventDefault(); location.assign(place); return; }
  if (event.key === "/") {
    const find = document.getElementById("find");
    event.preventDefault();
    if (find?.offsetParent) find.focus(); else location.assign("/search/");
  } else if (event.key === "?") location.assign("/help/#keys");
  else if (event.key === "e") location.assign("/emergency/");
});

/* the command menu: a dialog over any page whose lines the server finds; the focus stays in the field */
const field = () => document.getElementById("menu-q");
const options = () => [...document.querySelectorAll("#menu-list [role=option]")];
function openMenu() {
  if (menu().open) return;
  menu().showModal();
  field().select();
  window.htmx.trigger(field(), "opened");
}
function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (!option) { field().removeAttribute("aria-activedescendant"); return; }
  field().setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k" && menu()) {
    event.preventDefault();
    if (menu().open) menu().close(); else openMenu();
  }
  if (event.target.id !== "menu-q" || event.isComposing) return;
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
  else if (event.key === "ArrowUp") choose(all.at(at < 1 ? -1 : at - 1));
  else if (event.key === "Enter") all[at]?.click();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-menu]");
  const inPlace = !event.ctrlKey && !event.metaKey && !event.shiftKey && window.htmx && menu()?.showModal;
  if (opener && inPlace) { event.preventDefault(); openMenu(); }
  if (event.target.closest("[data-close]") || event.target === menu()) menu().close();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "menu-list" && event.detail.target?.id !== "menu-list") return;
  const all = options();
  choose(all[0]);
  field().setAttribute("aria-expanded", String(all.length > 0));
  document.getElementById("menu-status").textContent = `${all.length} ${all.length === 1 ? "line fits" : "lines fit"}`;
});

/* nothing is shown as done before the server says so; without an answer the form says that, and sends again on request */
function notSaved(form, status) {
  const row = form.closest(".step");
  if (row) row.classList.add("unsent");
  if (form.querySelector(".retry")) return;
  const line = document.createElement("p");
  line.className = "err retry";
  if (!form.dataset.tries) line.setAttribute("role", "alert");
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

/* the settings offer the zone that this browser is in */
function offerZone() {
  const offer = document.querySelector("[data-zone]");
  const select = document.getElementById("id_time_zone");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!offer || !select || select.value === here || ![...select.options].some((option) => option.value === here)) return;
  offer.querySelector("b").textContent = here;
  offer.querySelector("button").addEventListener("click", () => { select.value = here; offer.hidden = true; select.focus(); });
  offer.hidden = false;
}

document.addEventListener("htmx:load", (event) => showCopyButtons(event.target));
document.addEventListener("DOMContentLoaded", () => {
  showCopyButtons(document);
  fold();
  offerZone();
  document.getElementById("errors")?.focus();
});
