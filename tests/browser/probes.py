"""Questions to a page in the browser, for what axe does not ask: written in JavaScript, answered as plain values."""

from __future__ import annotations

import base64

from playwright.sync_api import Locator

# Relative luminance of WCAG 2.2.
_LIGHT = """
  const part = (byte) => { const x = byte / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; };
  const light = (r, g, b) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
"""

# The focused element: how thick what marks it is (an outline, or the line of a box in a picture), and its contrast to
# the ground that it lies on.
FOCUS_MARK = (
    """() => {"""
    + _LIGHT
    + """
  const element = document.activeElement;
  const box = element.closest("svg") && element.querySelector("rect");
  const style = getComputedStyle(box ?? element);
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const shade = (color, under) => {
    for (const fill of [under, color]) { paint.fillStyle = fill; paint.fillRect(0, 0, 1, 1); }
    return light(...[...paint.getImageData(0, 0, 1, 1).data].slice(0, 3));
  };
  let ground = element.parentElement;
  while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
  const under = ground ? getComputedStyle(ground).backgroundColor : "#fff";
  const shades = [shade(box ? style.stroke : style.outlineColor, under), shade(under, "#fff")].sort((x, y) => y - x);
  const outline = style.outlineStyle === "none" ? "0" : style.outlineWidth;
  return {
    what: element.outerHTML.slice(0, 90),
    width: parseFloat(box ? style.strokeWidth : outline),
    contrast: (shades[0] + 0.05) / (shades[1] + 0.05),
  };
}"""
)

# The sticky bars that lie over the focused element, by class; the link past them lies over them itself.
COVERED = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  if (element === document.body || element.matches(".skip")) return [];
  const bars = [...document.querySelectorAll(".top, .line, .nav, .place, .toc")];
  return bars.filter((bar) => {
    const sticks = ["sticky", "fixed"].includes(getComputedStyle(bar).position);
    const over = bar.getBoundingClientRect();
    const beside = box.left >= over.right || box.right <= over.left;
    const apart = box.top >= over.bottom - 1 || box.bottom <= over.top + 1;
    return sticks && over.height && !beside && !apart && !bar.contains(element);
  }).map((bar) => `${bar.className} over ${element.outerHTML.slice(0, 90)}`);
}"""

# What is often pressed and lower or narrower than so many pixels.
SMALLER_THAN = """(least) => {
  const often = ".top a, .nav ul a, .jobs .btn, .step.cur .ctl > .btn, .acts .btn:not(.txt)";
  return [...document.querySelectorAll(often)].filter((e) => e.checkVisibility())
    .map((e) => [e.getBoundingClientRect(), e.outerHTML.slice(0, 90)])
    .filter(([box]) => box.width && Math.min(box.height, box.width) < least - 0.5)
    .map(([box, html]) => `${Math.round(box.width)} × ${Math.round(box.height)} ${html}`);
}"""

# Animations that run, and elements whose style would start one.
MOVING = """() => [
  ...document.getAnimations().map((moving) => moving.animationName ?? moving.transitionProperty),
  ...[...document.querySelectorAll("*")].filter((e) => {
    const style = getComputedStyle(e);
    return style.animationName !== "none" || style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0);
  }).map((e) => e.outerHTML.slice(0, 90)),
  ...(getComputedStyle(document.documentElement).scrollBehavior === "auto" ? [] : ["scroll"]),
]"""

# Words that are cut off in a box of fixed size: a button, a link of the frame, a state. Hidden words are meant to be,
# and the portal's name gives way to what stands beside it; its mark stays.
CUT_OFF = """() => [...document.querySelectorAll(".btn, .top a, .nav a, .st, h1, h2, h3, label, td, dd")]
  .filter((e) => e.checkVisibility() && !e.matches(".vh, .brand") && e.scrollWidth > e.clientWidth + 1)
  .filter((e) => e.clientWidth && getComputedStyle(e).overflowX !== "visible")
  .map((e) => e.outerHTML.slice(0, 120))"""

# How far the lightest and the darkest point of a picture are apart.
_CONTRAST = (
    """async (picture) => {"""
    + _LIGHT
    + """
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const data = canvas.getImageData(0, 0, bitmap.width, bitmap.height).data;
  let [least, most] = [1, 0];
  for (let at = 0; at < data.length; at += 4) {
    const shade = light(data[at], data[at + 1], data[at + 2]);
    least = Math.min(least, shade);
    most = Math.max(most, shade);
  }
  return (most + 0.05) / (least + 0.05);
}"""
)

OUTLINE = "e => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth)]"


def contrast(locator: Locator) -> float:
    """The contrast within a picture of the element, as a grey picture has it too: 1 to 21."""
    picture = base64.b64encode(locator.screenshot()).decode()
    return float(locator.page.evaluate(_CONTRAST, picture))
