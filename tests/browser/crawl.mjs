// Walks over every page that somebody reaches from their home page, by the pages' own links and forms.

import { check } from "./report.mjs";
import { inspect } from "./inspect.mjs";
import { person, signIn } from "./chromium.mjs";

/** Pages that one pattern of paths is visited in at most: one a state that stands beside its link. */
const STATES = 3;

const IDENTIFIER = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** `/homes/01…/prices?sort=y` → `/homes/{id}/prices?…`: a list is looked at whole, narrowed and further on. */
function pattern(url) {
  const { pathname, searchParams } = new URL(url);
  const narrowed = searchParams.has("after") ? "?after" : searchParams.size > 0 ? "?…" : "";
  return pathname.replace(IDENTIFIER, "{id}") + narrowed;
}

/** Pages that are the same for everybody; those of help speak of what other roles do. */
const SAME = ["/help", "/accessibility", "/privacy", "/api/docs"];

/** What the crawls of one region know of each other. */
export class Region {
  constructor(name, shots) {
    /** The structures of the pages of a pattern that were inspected, and the forms that were sent with nothing in them. */
    Object.assign(this, { name, shots, structures: new Map(), forms: new Set() });
  }

  /** How a page of a pattern is inspected. */
  at(kind) {
    const known = this.structures.get(kind) ?? this.structures.set(kind, new Set()).get(kind);
    return { known, shots: this.shots };
  }
}

/** Visits every page as somebody, or as a visitor; then sends each form once with nothing in it. */
export async function crawl(browser, program, who, region) {
  const name = `${region.name} as ${who?.role ?? "visitor"}`;
  const visitor = await person(browser, program);
  const { page, context } = visitor;
  if (who) await signIn(page, who.email, program.password);
  const seen = new Map();
  const queue = [{ url: `${program.base}/`, state: "" }];
  if (!who) queue.push({ url: `${program.base}/nowhere`, state: "" });
  const forms = new Map();
  while (queue.length > 0) {
    const next = queue.shift();
    const kind = pattern(next.url);
    if (who && SAME.includes(kind)) continue;
    const states = seen.get(kind) ?? seen.set(kind, new Set()).get(kind);
    if (states.has(next.state) || states.size >= STATES) continue;
    states.add(next.state);
    const label = `${name} ${kind}${next.state && ` (${next.state})`}`;
    const html = await visit(visitor, label, next.url, next.from);
    if (html === null) continue;
    await inspect(visitor, label, html, region.at(kind));
    const found = await exits(page);
    for (const link of found.links) {
      if (new URL(link.url).origin === program.base && !SAME.includes(kind)) queue.push({ ...link, from: kind });
    }
    for (const form of found.forms) {
      const key = `${pattern(form.action)} ${form.fields}`;
      if (!forms.has(key)) forms.set(key, { ...form, key, on: next.url, label: `${name} ${pattern(form.action)} sent empty` });
    }
  }
  for (const form of forms.values()) {
    if (!region.forms.has(form.key)) await sendEmpty(visitor, form, region);
  }
  await context.close();
  const pages = [...seen.values()].reduce((sum, states) => sum + states.size, 0);
  console.log(`${name}: ${pages} pages of ${seen.size} patterns, ${forms.size} forms`);
}

/** Opens a page; answers its HTML, or nothing where it is a file to take away. */
async function visit({ page, context, faults }, label, url, from = "the beginning") {
  const wanted = url.endsWith("/nowhere") ? 404 : 200;
  let answer;
  try {
    answer = await page.goto(url);
  } catch (cause) {
    // A file, which the browser would save. Over a line of its own: one that was kept open may just be closing.
    if (!/ERR_ABORTED|Download/.test(cause.message)) throw cause;
    answer = await context.request.get(url, { headers: { Connection: "close" } });
  }
  const ok = check(`${label}: answers ${wanted}`, answer.status() === wanted, `${answer.status()} ${url}, linked from ${from}`);
  if (wanted !== 200) faults.length = 0;
  if (!/^text\/html/.test(answer.headers()["content-type"] ?? "")) {
    if (!(await page.evaluate(() => document.contentType)).startsWith("text/html")) await page.goto("about:blank");
    return null;
  }
  return ok ? answer.text() : null;
}

/** Where the page leads to: its links, its filters with each choice at its last, and the forms that it has. */
function exits(page) {
  return page.evaluate(() => {
    const state = (element) => {
      const row = element.closest("tr, .tasks li, .cards > *, li");
      const tags = row ? [...row.querySelectorAll(".tag")].map((tag) => tag.textContent.trim()) : [];
      return tags.filter((text) => !/\d/.test(text)).join(", ");
    };
    const plain = (url) => { const at = new URL(url); at.hash = ""; return at.href; };
    const links = [...document.querySelectorAll("a[href]")].map((a) => ({ url: plain(a.href), state: state(a) }));
    for (const form of document.querySelectorAll("form:not([method=post])")) {
      const address = () => { const at = new URL(form.action); at.search = new URLSearchParams(new FormData(form)); return at.href; };
      for (const select of form.querySelectorAll("select")) select.selectedIndex = select.options.length - 1;
      links.push({ url: address(), state: "" });
    }
    const forms = [...document.querySelectorAll("main form[method=post]")].map((form) => {
      const shown = [...form.elements].filter((field) => field.name && field.type !== "hidden");
      const fields = [...new Set(shown.map((field) => field.name.replace(/\[\d+\]/g, "[]")))].join(" ");
      return { action: form.action, path: form.getAttribute("action"), fields };
    }).filter((form) => form.fields !== "");
    return { links, forms };
  });
}

/** Sends a form with nothing in it. It is refused in a page that says so as well as any other page says things, or there was
 * nothing that it had to have. */
async function sendEmpty(visitor, form, region) {
  const { page } = visitor;
  await page.goto(form.on);
  const there = await page.evaluate((path) => {
    const found = [...document.querySelectorAll("form[method=post]")].find((one) => one.getAttribute("action") === path);
    if (!found) return false;
    for (const field of found.elements) {
      if (field.type === "hidden") continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = false;
      else if (field.tagName === "SELECT") field.selectedIndex = [...field.options].findIndex((option) => option.value === "");
      else if (field.tagName !== "BUTTON") field.value = "";
    }
    found.setAttribute("data-sent", "");
    return true;
  }, form.path);
  // Another form of the page, sent before, may have ended what this one was for.
  if (!there) return console.log(`${form.label}: no longer there`);
  const [answer] = await Promise.all([page.waitForNavigation(), page.locator("form[data-sent] button").last().click()]);
  region.forms.add(form.key);
  const status = answer.status();
  if (status === 200) return check(`${form.label}: needs nothing`, true);
  if (!check(`${form.label}: is refused in the form`, [401, 409, 422].includes(status), `${status} at ${page.url()}`)) return;
  await page.waitForFunction(() => document.activeElement?.className === "summary", null, { timeout: 3_000 }).catch(() => {});
  const focus = await page.evaluate(() => document.activeElement?.className);
  check(`${form.label}: the focus is on what is wrong`, focus === "summary", `the focus is on ${focus}`);
  check(`${form.label}: the title says so`, (await page.title()).startsWith("Error: "), await page.title());
  await inspect(visitor, form.label, await answer.text(), region.at(form.key));
}
