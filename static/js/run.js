/* A run by keyboard, and the focus where the work is. */
"use strict";

const open = () => [...document.querySelectorAll(".step")].filter((row) => row.querySelector("button[value=done]"));
const here = () => document.activeElement?.closest?.(".step") ?? document.querySelector(".step.cur") ?? open()[0];
const control = (row) => row?.querySelector(".val input, .val select") ?? row?.querySelector("button[value=done]");

function focusOn(element) {
  if (!element) return;
  element.closest("details.fold")?.setAttribute("open", "");
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

function pressed(row, value) {
  if (row.querySelector("details.fold:not([open])")) { focusOn(control(row)); return; } /* read, then do */
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
  if (event.repeat && !field) { /* a key held down answers one step, never the next ones too */
    if (event.target.closest(".step") && (event.key === "Enter" || ACTIONS[event.key])) event.preventDefault();
    return;
  }
  if (off || field || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !ACTIONS[event.key]) return;
  const row = here();
  if (!row && event.key !== "n" && event.key !== "u") return;
  event.preventDefault();
  if ("xsf".includes(event.key) && comeBack()) {
    say("You were away: look at this step again, then press the key once more.");
    return;
  }
  ACTIONS[event.key](row ?? document);
});

/* who was away touches the current step again before anything is answered; true when that was still to do */
function comeBack() {
  const bar = document.querySelector("#back .bar");
  if (!bar) return false;
  bar.remove();
  focusOn(control(document.querySelector(".step.cur")) ?? document.getElementById("complete-run"));
  return true;
}
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-back]")) return;
  event.preventDefault();
  comeBack();
});

/* after an answer the next open step takes the focus; after an error its field does (autofocus) */
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail.requestConfig?.elt;
  if (!form?.matches?.("form.ctl") || event.detail.xhr?.status >= 400) return;
  if (event.target.id !== `step-${form.action.match(/steps\/(\d+)/)?.[1]}`) return;
  focusOn(control(document.querySelector(".step.cur")) ?? document.getElementById("complete-run"));
});

/* what a colleague does changes rows under our hands: what is typed there, and the focus, stay */
const FIELDS = "input:not([type=hidden],[type=file]), textarea, select";
let kept = null;
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const row = event.detail.target;
  const typed = [...row.querySelectorAll(FIELDS)].filter((field) => field.value !== (field.defaultValue ?? ""));
  const focus = row.contains(document.activeElement) ? document.activeElement.id : "";
  const files = [...row.querySelectorAll("[type=file]")].filter((field) => field.files.length);
  kept = { row, focus, files, fields: typed.map((field) => [field.id, field.value, field.closest("details")?.open]) };
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (!kept || kept.row !== event.detail.target) return;
  const { row, focus, files, fields } = kept;
  kept = null;
  const lost = [];
  for (const [id, value, open] of fields) {
    const field = document.getElementById(id);
    if (!field) { lost.push(value); continue; }
    field.value = value;
    if (open) field.closest("details").open = true;
  }
  for (const field of files) { /* no script may choose a file, so the field itself moves over */
    const empty = document.getElementById(field.id);
    if (empty) empty.replaceWith(field); else lost.push(`file ${field.files[0].name}`);
  }
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  const note = document.getElementById("note");
  if (!lost.length || !note) return;
  note.value = [note.value, `Step ${row.querySelector(".i")?.textContent}: ${lost.join(", ")}`].filter(Boolean).join("\n");
  say("A colleague answered this step; what you had typed is in the note.");
});

/* a colleague ends the run while something is typed here: it goes to the note, which is still kept, instead of a reload */
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const note = document.getElementById("note");
  if (event.target.id !== "live" || event.detail.xhr.status !== 286 || !note) return;
  const fields = [...document.querySelectorAll(".steps textarea, .steps .val input:not([type=file]), .pinned textarea, #note")].filter((field) => field.value !== field.defaultValue);
  if (!fields.length) return;
  event.preventDefault();
  const place = (field) => field.closest(".step")?.querySelector(".i").textContent;
  const own = (field) => (field.id === "note" ? field.value : `${place(field) ? `Step ${place(field)}` : "At any time"}: ${field.value}`);
  note.value = fields.map(own).join("\n");
  for (const form of document.querySelectorAll(".steps form, .pinned form, #left-open form, #complete form")) form.remove();
  event.target.remove();
  const told = '<div class="bar amber" role="alert"><p><b>A colleague has ended this run.</b> What you had typed is here: add it, and it is kept as a late note.</p></div>';
  note.closest("form").insertAdjacentHTML("beforebegin", told);
  focusOn(note);
});

/* a page that nobody looks at asks once a minute; one that comes back asks at once */
let asked = Date.now();
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "live") return;
  if (document.hidden && Date.now() - asked < 60000) event.preventDefault(); else asked = Date.now();
});
const LONG = 5 * 60 * 1000;
let left = 0;
let away = false;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { left = Date.now(); return; }
  away = left > 0 && Date.now() - left >= LONG;
  window.htmx?.trigger("#live", "seen");
});
const known = () => new URL(document.getElementById("live")?.getAttribute("hx-get") ?? "", location.href).searchParams.get("after");
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.matches("form.ctl")) event.detail.parameters.after = known() ?? "";
  if (event.target.id !== "live") return;
  event.detail.parameters.at = here()?.id?.replace("step-", "") ?? "";
  if (away) event.detail.parameters.back = "1";
  away = false;
});
/* a question still on its way when the reader came back has this one dropped: ask again */
document.addEventListener("htmx:afterRequest", (event) => {
  if (away && event.detail.requestConfig?.elt?.id === "live") setTimeout(() => window.htmx.trigger("#live", "seen"));
});

/* the time boxes of an emergency count down as text; they prompt, and never hide, jump or tick anything */
const ANNOUNCED = [300, 120, 60, 0];
const before = new Map();
const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
let skew = null;

function announce(label, was, now) {
  const passed = ANNOUNCED.findLast((mark) => was > mark && now <= mark);
  if (passed === undefined) return;
  const words = passed ? `${passed / 60} minute${passed > 60 ? "s" : ""} left` : "time is over; you may escalate now";
  say(`${label}: ${words}`);
}

function countDown() {
  const list = document.querySelector(".phases");
  if (!list) return;
  skew ??= Number(list.dataset.now) - Date.now() / 1000;
  const now = Date.now() / 1000 + skew;
  const over = new Set();
  for (const box of list.querySelectorAll("[data-box]")) {
    const rest = Number(box.dataset.until) - now;
    const text = box.querySelector("span");
    if (now < Number(box.dataset.from)) continue;
    if (rest <= 0) over.add(box.dataset.box);
    text.textContent = rest > 0 ? `${minutes(rest)} left` : `over by ${minutes(-rest)}`;
    text.classList.toggle("red", rest <= 0);
    announce(box.querySelector("b").textContent, before.get(box.dataset.box) ?? rest, rest);
    before.set(box.dataset.box, rest);
  }
  for (const prompt of document.querySelectorAll("[data-over]")) prompt.hidden = !over.has(prompt.dataset.over);
}
document.addEventListener("htmx:oobAfterSwap", countDown);

document.addEventListener("DOMContentLoaded", () => {
  countDown();
  setInterval(countDown, 1000);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
});

/* the server did not answer: the same answer, with its op, goes again by itself until it is answered, however often it
   has arrived; the row says so all the while, and nothing is shown as done before the server has said it */
const PAUSES = [5000, 5000, 10000, 30000];
const again = new Map();
const formOf = (action) => [...document.querySelectorAll("form.ctl")].find((form) => form.getAttribute("action") === action);

function sendAgain(action) {
  const { op, state } = again.get(action);
  const form = formOf(action);
  if (!form) { again.delete(action); return; } /* answered meanwhile: the row says by whom */
  form.elements.op.value = op;
  form.querySelector(state ? `button[value=${state}]` : "button[type=submit]")?.click();
}
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const form = event.target;
    const status = event.detail.xhr?.status ?? 0;
    const line = form.matches("form.ctl") && form.querySelector(".retry");
    if (!line || (status && status < 500)) return;
    const action = form.getAttribute("action");
    const tries = Number(form.dataset.tries ?? 0);
    const state = event.detail.requestConfig?.triggeringEvent?.submitter?.value ?? "";
    form.dataset.tries = tries + 1;
    line.textContent = "Not saved yet: the server does not answer. What you entered is still here and is sent again by itself. ";
    const now = document.createElement("button");
    now.type = "button";
    now.className = "btn";
    now.textContent = "Retry now";
    now.addEventListener("click", () => sendAgain(action));
    line.append(now);
    const timer = setTimeout(() => sendAgain(action), PAUSES[Math.min(tries, PAUSES.length - 1)]);
    again.set(action, { op: form.elements.op.value, state, timer });
  });
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("form.ctl")) clearTimeout(again.get(event.target.getAttribute("action"))?.timer);
});

/* a login that ended: what is typed waits in this tab until the same person is back, at most an hour. Never what is
   secret, and never longer than the way through the login */
const STORE = "typed";
const reader = () => document.querySelector("[data-reader]")?.dataset.reader ?? "";
const secret = (field) => field.type === "password" || field.closest("[data-secret]");

function keepTyped(sure) {
  const fields = [...document.querySelectorAll(`main :is(${FIELDS})`)]
    .filter((field) => field.id && !secret(field) && field.value !== (field.defaultValue ?? ""))
    .map((field) => [field.id, field.value]);
  if (fields.length) sessionStorage.setItem(STORE, JSON.stringify({ sure, page: location.pathname, reader: reader(), at: Date.now(), fields }));
}
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.getResponseHeader("HX-Redirect")) keepTyped(true);
});
document.addEventListener("submit", (event) => {
  if (!event.target.hasAttribute("hx-post")) keepTyped(false);
});

function bringBack() {
  const text = sessionStorage.getItem(STORE);
  sessionStorage.removeItem(STORE);
  if (!text) return;
  const { sure, page, reader: who, at, fields } = JSON.parse(text);
  const fromLogin = document.referrer && new URL(document.referrer).pathname.startsWith("/accounts/");
  if (page !== location.pathname || who !== reader() || Date.now() - at > 3600000 || !(sure || fromLogin)) return;
  const found = fields.map(([id, value]) => [document.getElementById(id), value]).filter(([field]) => field);
  for (const [field, value] of found) {
    field.value = value;
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  const lost = fields.filter(([id]) => !document.getElementById(id)).map(([, value]) => value);
  const note = document.getElementById("note");
  if (lost.length && note) note.value = [note.value, ...lost].filter(Boolean).join("\n");
  const bar = document.createElement("div");
  bar.className = "bar";
  bar.setAttribute("role", "alert");
  bar.innerHTML = "<p><b>Your login had ended.</b> What you had typed is back in its fields; it is not sent yet.</p>";
  document.getElementById("back")?.after(bar);
  const target = found[0]?.[0] ?? note;
  addEventListener("load", () => setTimeout(() => focusOn(target))); /* going to the address's #step takes the focus away */
}
document.addEventListener("DOMContentLoaded", bringBack);
