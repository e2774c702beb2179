// What every page must keep to: no violation that axe-core finds, valid HTML, nothing that scrolls sideways, no complaint of the
// browser, no layout that moves, and small.

import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { check } from "./report.mjs";
import { PHONE, WIDE, ZOOMED } from "./chromium.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The recommended rules of html-validate but for matters of taste: all of these are HTML as the standard has it. */
const VALIDATOR = new HtmlValidate(new StaticConfigLoader({
  extends: ["html-validate:recommended"],
  rules: {
    // A button in a form submits it, which is what all of ours do.
    "no-implicit-button-type": "off",
    // A named region is one by any name.
    "prefer-native-element": "off",
    // The name of what a page is about may be long.
    "long-title": "off",
    // Templates leave space at the ends of lines.
    "no-trailing-whitespace": "off",
    // Codes, such as `bid.deadline_passed`, are ids on the page that explains the API.
    "valid-id": ["error", { relaxed: true }],
    // The boxes of one question share its name.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit"] }],
    // The files that a page loads are our own, and their addresses carry their digest.
    "require-sri": "off",
  },
}));

/** Most bytes of a page's HTML, but for the whole API on one page. */
const MOST = 60_000;

/** Cumulative layout shift that nobody sees: a table finds its columns' widths as it is read. */
const STILL = 0.05;

/** What axe-core finds in how a page is drawn, and not in its HTML. By width, styles lay out anew and hide nothing but the heads of
 * tables whose cells say their column. */
const DRAWN = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"];

/** Checks the page that is open, which was answered with this HTML. `known` has the structures of such pages that axe-core looked
 * at before: it finds nothing else in the same again. */
export async function inspect(person, name, html, { known, shots }) {
  const { page, faults } = person;
  const structure = await page.evaluate(structureOf);
  const isNew = !known.has(structure);
  known.add(structure);
  const bytes = Buffer.byteLength(html);
  check(`${name}: HTML is small`, bytes < MOST || name.endsWith("/api/docs"), `${bytes} bytes`);
  await isValid(name, html);
  const shift = await moved(page);
  check(`${name}: nothing moves while it loads`, shift < STILL, `layout shift ${shift}`);
  const strange = await page.evaluate(() => [...document.querySelectorAll("table.rows tbody td")]
    .map((cell) => [cell.dataset.label, cell.closest("table").tHead.rows[0].cells[cell.cellIndex].textContent])
    .filter(([label, head]) => label !== head));
  check(`${name}: cells are labelled as their columns`, strange.length === 0, strange);
  const lost = await page.evaluate(() => [...document.querySelectorAll("a[href^='#']")].map((a) => a.getAttribute("href"))
    .filter((href) => !document.getElementById(href.slice(1))));
  check(`${name}: links within the page lead somewhere`, lost.length === 0, lost);
  await fits(page, name, WIDE);
  if (isNew) {
    await axe(page, `${name}, ${WIDE.width} px`);
    await shoot(page, name, WIDE, shots);
    await page.setViewportSize(PHONE);
    await fits(page, name, PHONE);
    await shoot(page, name, PHONE, shots);
    // The phone has the dark style, so that both are checked.
    await page.emulateMedia({ colorScheme: "dark" });
    await axe(page, `${name}, ${PHONE.width} px, dark`, DRAWN);
    await page.emulateMedia({ colorScheme: "light" });
  }
  await page.setViewportSize(ZOOMED);
  await fits(page, name, ZOOMED);
  await page.setViewportSize(WIDE);
  check(`${name}: the browser complains of nothing`, faults.length === 0, faults.splice(0).join("\n"));
}

async function isValid(name, html) {
  const report = await VALIDATOR.validateString(html);
  const lines = html.split("\n");
  const found = report.results.flatMap((result) => result.messages).map((one) =>
    `${one.ruleId}, line ${one.line}: ${one.message}\n  ${(lines[one.line - 1] ?? "").slice(Math.max(0, one.column - 60), one.column + 100)}`);
  check(`${name}: valid HTML`, found.length === 0, found.join("\n"));
}

/** The page as elements, classes and attributes, with what says nothing new left out: the same again, and what is said in words. */
function structureOf() {
  const of = (element) => {
    const kept = [...element.attributes].map(({ name, value }) => (["class", "type", "role"].includes(name) ? `${name}=${value}` : name));
    const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
    let inner = [...element.children].map(of);
    // The rows of a list may come in any order.
    if (element.matches("tbody, ul, ol, dl, select")) inner = [...new Set(inner)].sort();
    inner = inner.filter((one, at) => one !== inner[at - 1]);
    return `${element.localName}[${kept.sort()}]${says ? "…" : ""}(${inner})`;
  };
  return of(document.body);
}

async function axe(page, name, only) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (rules) => {
    const options = { resultTypes: ["violations"], rules: { "target-size": { enabled: true } }, ...(rules && { runOnly: rules }) };
    const found = await globalThis.axe.run(document, options);
    return found.violations.map((one) => ({ rule: one.id, help: one.help, nodes: one.nodes.slice(0, 4).map((node) => `${node.html.slice(0, 200)} | ${node.failureSummary}`) }));
  }, only);
  check(`${name}: axe-core finds nothing`, violations.length === 0, violations);
}

/** Nothing reaches over the right edge, at this width. */
async function fits(page, name, viewport) {
  const [over, widest] = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const hidden = (element) => element.closest(".scroll, .unseen, .skip, pre");
    const out = [...document.querySelectorAll("body *")].filter((element) => !hidden(element) && element.getBoundingClientRect().right > width + 1);
    return [document.documentElement.scrollWidth - width, out.slice(0, 3).map((element) => element.outerHTML.slice(0, 150))];
  });
  check(`${name}: does not scroll sideways at ${viewport.width} px`, over <= 0, `${over} px too wide: ${widest.join("\n")}`);
}

/** How far the layout moved by itself (cumulative layout shift). */
function moved(page) {
  return page.evaluate(() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) if (!shift.hadRecentInput) sum += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 20);
  }));
}

async function shoot(page, name, viewport, shots) {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  const file = `${name.replace(/[^\w]+/g, "_")}.${viewport.width}.png`;
  await page.screenshot({ path: join(shots, file), fullPage: true });
}
