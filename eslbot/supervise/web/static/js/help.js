// The help page: whether single keys do anything in this browser.

import { keep, kept } from "./page.js";
import "./shell.js";

const box = document.getElementById("single");
box.checked = kept("keys", true);
box.addEventListener("change", () => { keep("keys", box.checked); document.body.toggleAttribute("data-keyless", !box.checked); });
