// What every page uses: its data and texts, elements made of text only, times, requests, dialogs. Knows no call.
// Whatever a caller or a transcript said goes in by textContent; nothing here parses markup.

export const page = JSON.parse(document.getElementById("page").textContent);

export function t(key, values = {}) {
  let text = page.texts[key] ?? key;
  for (const [name, value] of Object.entries(values)) text = text.split(`{${name}}`).join(String(value));
  return text;
}

export const has = (key) => key in page.texts;

// el("li", {class: "x", data: {role: "agent"}}, "text", child) -> element
export function el(name, options = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(options)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "data") for (const [field, one] of Object.entries(value)) made.dataset[field] = one;
    else if (key === "on") for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg"), use = document.createElementNS(space, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${page.icons}#${name}`);
  svg.append(use);
  return svg;
}

export const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

export function severity(weight) {
  return el("span", { class: `sev sev-${weight}` }, icon(`sev-${weight}`), t(`severity.${weight}`));
}

// --- times ---
let ahead = 0;  // of the service's clock before this machine's, in seconds
export const setClock = (serverNow) => { ahead = serverNow - Date.now() / 1000; };
export const now = () => Date.now() / 1000 + ahead;

export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600), m = Math.floor(whole / 60) % 60, s = String(whole % 60).padStart(2, "0");
  return h ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, DAY = { month: "short", day: "numeric", ...TIME };
const [clock, day, year] = [TIME, DAY, { year: "numeric", ...DAY }].map((how) => new Intl.DateTimeFormat(page.language, how));
export const timeOfDay = (at) => clock.format(new Date(at * 1000));
export function when(at) {  // with its day, and with its year where that is another
  const date = new Date(at * 1000);
  return (date.getFullYear() === new Date().getFullYear() ? day : year).format(date);
}
export function lately(at) {  // the time of today, else as above: a page stays open over midnight
  return new Date(at * 1000).toDateString() === new Date().toDateString() ? timeOfDay(at) : when(at);
}
export function stamp(at, format = when) {
  return el("time", { datetime: new Date(at * 1000).toISOString() }, format(at));
}
export function localTimes(root = document) {  // times that the server wrote as seconds since the epoch
  for (const node of root.querySelectorAll("time[data-at]")) {
    node.dateTime = new Date(node.dataset.at * 1000).toISOString();
    node.textContent = when(Number(node.dataset.at));
  }
}

// --- requests ---
export async function post(path, body = {}) {
  const answer = await fetch(path, {
    method: "POST", credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": page.csrf },
    body: JSON.stringify(body),
  }).catch(() => { throw new Error(t("link.no-answer")); });
  if (answer.status === 401) { signIn(true); throw new Error(t("link.signed-out")); }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.detail || told.error || answer.statusText || String(answer.status));
  return told;
}

const inHand = () => document.querySelector("dialog[open]") || [...document.querySelectorAll("textarea")].some((one) => one.value.trim());
const signInPage = (ended) => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}${ended ? "&ended=1" : ""}`;

// Goes to the sign-in. Not from under what somebody is writing: that is told of, and false is given.
export function signIn(ended = false) {
  if (!inHand()) { location.assign(signInPage(ended)); return true; }
  const place = document.getElementById("lost");
  if (place && !place.querySelector("a")) {
    place.replaceChildren(t("link.signed-out-detail"), " ", el("a", { href: signInPage(ended), target: "_blank" }, t("link.sign-in")));
  }
  return false;
}

// --- telling ---
let forgetting = 0;
export function toast(text, bad = false) {
  const place = document.getElementById("toast");
  place.replaceChildren(el("p", { class: bad ? "bad" : null }, text));
  clearTimeout(forgetting);
  forgetting = setTimeout(() => place.replaceChildren(), bad ? 8000 : 3000);
}

// Asks; resolves to the form's values, or null. fields: [{name, label, help, type, required, value, options}]
export function ask({ title, text, fields = [], danger = false, go = t("act.go") }) {
  return new Promise((resolve) => {
    const form = el("form", { method: "dialog" }, el("h1", { id: "ask-title" }, title), text ? el("p", {}, text) : null);
    for (const field of fields) {
      const id = `ask-${field.name}`;
      const control = field.options
        ? el("select", { id, name: field.name }, ...field.options.map(([value, label]) => el("option", { value }, label)))
        : field.type === "number"
          ? el("input", { id, name: field.name, type: "number", min: 1, max: 3600, value: field.value })
          : el("textarea", { id, name: field.name, required: field.required, maxlength: 500 }, field.value ?? "");
      if (field.help) control.setAttribute("aria-describedby", `${id}-help`);
      form.append(el("div", { class: "field" }, el("label", { for: id }, field.label), control,
        field.help ? el("span", { class: "muted", id: `${id}-help` }, field.help) : null));
    }
    const cancel = el("button", { type: "button", value: "" }, t("act.cancel"));
    form.append(el("div", { class: "row-of end" }, cancel,
      el("button", { class: danger ? "danger" : "main", value: "go" }, go)));
    const box = el("dialog", { "aria-labelledby": "ask-title" }, form);
    const before = document.activeElement;
    cancel.addEventListener("click", () => box.close(""));
    box.addEventListener("close", () => {
      const values = box.returnValue === "go" ? Object.fromEntries(new FormData(form)) : null;
      box.remove();
      before?.focus?.();
      resolve(values);
    });
    document.body.append(box);
    box.showModal();
    (form.querySelector("textarea, input, select") ?? cancel).focus();
  });
}

// --- kept in this browser, or in this tab ---
export function kept(name, otherwise, where = "localStorage") {
  try { return JSON.parse(window[where].getItem(`eslbot.${name}`)) ?? otherwise; } catch { return otherwise; }
}
export function keep(name, value, where = "localStorage") {
  try { window[where].setItem(`eslbot.${name}`, JSON.stringify(value)); } catch { /* private windows keep nothing */ }
}
