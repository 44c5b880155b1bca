/* The procedure editor: steps by drag (Up, Down and Move do the same by key), and nothing typed is lost on the way. */
"use strict";

const list = () => document.querySelector(".erows");
const below = { phase: ["step", "substep"], step: ["substep"], substep: [] };

/* a row with those that go where it goes: a section with its steps, a step with its sub-steps */
function block(row) {
  const rows = [row];
  for (let next = row.nextElementSibling; next && below[row.dataset.kind].includes(next.dataset.kind); next = next.nextElementSibling) rows.push(next);
  return rows;
}

/* where a block may begin: a section before a section, a step anywhere but among sub-steps */
const fits = (kind, row) => !row || row.dataset.kind === kind || (kind === "step" && row.dataset.kind === "phase") || kind === "substep";

let held = null;
document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest("[data-grip]")?.closest(".erow");
  if (!row) return;
  event.preventDefault();
  held = block(row);
  event.target.setPointerCapture(event.pointerId);
  for (const each of held) each.classList.add("held");
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  if (event.clientY < 90 || event.clientY > innerHeight - 90) scrollBy(0, event.clientY < 90 ? -24 : 24);
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest(".erow");
  if (!over || held.includes(over)) return;
  const box = over.getBoundingClientRect();
  const before = event.clientY < box.top + box.height / 2 ? over : over.nextElementSibling;
  if (held.includes(before) || !fits(held[0].dataset.kind, before)) return;
  for (const each of held) list().insertBefore(each, before);
});
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    if (!held) return;
    for (const each of held) each.classList.remove("held");
    held[0].dispatchEvent(new Event("input", { bubbles: true }));
    say("Moved");
    held = null;
  });
}

function showGrips(root) {
  for (const grip of root.querySelectorAll("[data-grip][hidden]")) grip.hidden = false;
}

/* what is typed is kept for this tab, so that an expired login or a closed page does not lose it */
const form = () => document.querySelector("form[data-draft]");
const KEY = `draft:${location.pathname}`;
let dirty = false;
let later = 0;

function keep() {
  const fields = [...new FormData(form())].filter(([name]) => name !== "csrfmiddlewaretoken");
  try { sessionStorage.setItem(KEY, JSON.stringify({ seen: form().elements.seen.value, fields })); } catch { /* full: the page still holds it */ }
}
document.addEventListener("input", (event) => {
  if (!event.target.closest("form[data-draft]")) return;
  dirty = true;
  clearTimeout(later);
  later = setTimeout(keep, 1000);
});
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  keep();
  dirty = false;
});
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

function offer() {
  const stored = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  if (!stored || document.getElementById("errors")) return;
  const now = JSON.stringify([...new FormData(form())].filter(([name]) => name !== "csrfmiddlewaretoken"));
  if (stored.seen !== form().elements.seen.value || JSON.stringify(stored.fields) === now) { sessionStorage.removeItem(KEY); return; }
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.innerHTML = '<div><p>What you typed here before was not saved.</p><p class="acts"><button class="btn" type="button" data-put>Put it back</button><button class="btn txt" type="button" data-drop>Throw it away</button></p></div>';
  form().before(bar);
  bar.addEventListener("click", (event) => {
    if (event.target.closest("[data-put]")) putBack(stored.fields);
    if (event.target.closest("[data-drop]")) { sessionStorage.removeItem(KEY); bar.remove(); }
  });
}

/* the server draws the rows, so the fields go there, with an order that changes nothing */
function putBack(fields) {
  const sent = document.createElement("form");
  sent.method = "post";
  sent.hidden = true;
  const token = form().elements.csrfmiddlewaretoken.value;
  for (const [name, value] of [...fields, ["csrfmiddlewaretoken", token], ["do", "keep"]]) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    sent.append(field);
  }
  document.body.append(sent);
  sent.submit();
}

document.addEventListener("htmx:load", (event) => showGrips(event.target));
document.addEventListener("DOMContentLoaded", () => {
  if (!form()) return;
  showGrips(document);
  if (!location.hash) offer();
});
