// How loud both sides are: the last half minute as strokes, drawn when something came, in the page's colours.

import { t } from "./page.js";

const KEPT = 240, still = matchMedia("(prefers-reduced-motion: reduce)");
const sides = ["agent", "customer"].map((role) => ({ role, canvas: document.getElementById(`level-${role}`), values: [] }));
let drawing = false, skipped = 0;

export function levels(message) {
  for (const side of sides) {
    side.values.push(message[side.role]);
    if (side.values.length > KEPT) side.values.shift();
  }
  skipped += 1;
  if (drawing || (still.matches && skipped < 8)) return;  // once a second is enough where motion is unwelcome
  skipped = 0;
  drawing = true;
  requestAnimationFrame(draw);
}

function draw() {
  drawing = false;
  for (const { role, canvas, values } of sides) {
    if (!canvas?.clientWidth) continue;
    const scale = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (canvas.width !== width * scale) { canvas.width = width * scale; canvas.height = height * scale; }
    const context = canvas.getContext("2d"), step = width / KEPT;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${role}`);
    values.forEach((value, n) => {
      const tall = Math.max(1, (value / 100) * height);
      context.fillRect(width - (values.length - n) * step, (height - tall) / 2, Math.max(1, step - 0.5), tall);
    });
    const loud = values.at(-1) ?? 0;
    if (drawn.get(role) !== Math.round(loud / 10)) {
      drawn.set(role, Math.round(loud / 10));
      canvas.setAttribute("aria-label", `${t("call.level-now", { role: t(`role.${role}`) })}: ${loud}%`);
    }
  }
}
const drawn = new Map();
