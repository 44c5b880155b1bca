/* A run by keyboard, and the focus where the work is. */
"use strict";

const open = () => [...document.querySelectorAll(".step")].filter((row) => row.querySelector("button[value=done]"));
const here = () => document.activeElement?.closest?.(".step") ?? document.querySelector(".step.cur") ?? open()[0];
const control = (row) => row?.querySelector(".val input, .val select") ?? row?.querySelector("button[value=done]");

function focusOn(element) {
  if (!element) return;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

function pressed(row, value) {
  const button = row.querySelector(`button[value=${value}]`);
  const why = row.querySelector("details.why");
  if (value !== "done" && why && !why.querySelector("textarea").value) {
    why.open = true;
    focusOn(why.querySelector("textarea"));
    return;
  }
  button?.click();
}

const ACTIONS = {
  x: (row) => pressed(row, "done"),
  s: (row) => pressed(row, "skipped"),
  f: (row) => pressed(row, "failed"),
  v: (row) => focusOn(row.querySelector(".val input, .val select")),
  n: () => focusOn(document.getElementById("note")),
  u: (row) => (row.querySelector("[data-undo]") ?? [...document.querySelectorAll("[data-undo]")].pop())?.click(),
  j: (row) => focusOn(control(open()[open().indexOf(row) + 1])),
  k: (row) => focusOn(control(open()[open().indexOf(row) - 1])),
};

document.addEventListener("keydown", (event) => {
  const off = document.documentElement.dataset.keys === "off";
  const field = event.target.closest("input, textarea, select");
  if (off || field || event.ctrlKey || event.metaKey || event.altKey || !ACTIONS[event.key]) return;
  const row = here();
  if (!row && event.key !== "n" && event.key !== "u") return;
  event.preventDefault();
  ACTIONS[event.key](row ?? document);
});

/* after an answer the next open step takes the focus; after an error its field does (autofocus) */
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail.requestConfig?.elt;
  if (!form?.matches?.("form.ctl") || event.detail.xhr?.status >= 400) return;
  if (event.target.id !== `step-${form.action.match(/steps\/(\d+)/)?.[1]}`) return;
  focusOn(control(document.querySelector(".step.cur")) ?? document.getElementById("complete-run"));
});

/* what a colleague does changes rows under our hands: what is typed there, and the focus, stay */
const FIELDS = "input:not([type=hidden]), textarea, select";
let kept = null;
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const row = event.detail.target;
  const typed = [...row.querySelectorAll(FIELDS)].filter((field) => field.value !== (field.defaultValue ?? ""));
  const focus = row.contains(document.activeElement) ? document.activeElement.id : "";
  kept = { row, focus, fields: typed.map((field) => [field.id, field.value, field.closest("details")?.open]) };
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (!kept || kept.row !== event.detail.target) return;
  const { row, focus, fields } = kept;
  kept = null;
  const lost = [];
  for (const [id, value, open] of fields) {
    const field = document.getElementById(id);
    if (!field) { lost.push(value); continue; }
    field.value = value;
    if (open) field.closest("details").open = true;
  }
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  const note = document.getElementById("note");
  if (!lost.length || !note) return;
  note.value = [note.value, `Step ${row.querySelector(".i").textContent}: ${lost.join(", ")}`].filter(Boolean).join("\n");
  say("A colleague answered this step; what you had typed is in the note.");
});

/* a page that nobody looks at asks once a minute; one that comes back asks at once */
let asked = Date.now();
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "live") return;
  if (document.hidden && Date.now() - asked < 60000) event.preventDefault(); else asked = Date.now();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) window.htmx?.trigger("#live", "seen");
});
