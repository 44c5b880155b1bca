/* The import page: a file dropped anywhere on the form, a file too large said before it travels, a word while it is read. */
"use strict";

const MOST = 1000000;
const form = document.querySelector("form[data-import]");
const chosen = form.elements.file;

function judge() {
  const large = (chosen.files[0]?.size ?? 0) > MOST;
  document.getElementById("too-large").hidden = !large;
  chosen.setAttribute("aria-invalid", String(large));
  return !large;
}
chosen.addEventListener("change", judge);

form.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  form.classList.add("over");
});
form.addEventListener("dragleave", () => form.classList.remove("over"));
form.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  form.classList.remove("over");
  chosen.files = event.dataTransfer.files;
  if (judge()) say(`${chosen.files[0].name} is chosen`);
});

form.addEventListener("submit", (event) => {
  if (!judge()) { event.preventDefault(); chosen.focus(); return; }
  if (form.dataset.sent) { event.preventDefault(); return; } /* a second click sends nothing twice */
  form.dataset.sent = "1";
  document.getElementById("reading").hidden = false;
});
addEventListener("pageshow", () => { delete form.dataset.sent; document.getElementById("reading").hidden = true; });
