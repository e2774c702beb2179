// Every part of the pages' tests, on a Chromium of their own. Called by `run`, which brings what is needed.

import { parseArgs } from "node:util";
import { launch } from "./chromium.mjs";
import { again } from "./again.mjs";
import { Region, crawl } from "./crawl.mjs";
import { cast } from "./cast.mjs";
import { journey } from "./journey.mjs";
import { keyboard } from "./keyboard.mjs";
import { Program } from "./program.mjs";
import { part, total } from "./report.mjs";

const { values, positionals } = parseArgs({ options: { shots: { type: "string" } }, allowPositionals: true });
const [hearth, ...wanted] = positionals;
const asked = (name) => wanted.length === 0 || wanted.includes(name);

/** How the main way is gone. */
const WAYS = [
  { engine: "SQLite", words: "with JavaScript", script: true },
  { engine: "PostgreSQL", words: "without JavaScript", script: false },
  { engine: "SQLite", words: "by keyboard alone", script: true, keyboard: true },
];

/** Runs what is to be done on a program; whatever happens, it is stopped and nothing of it is left. */
async function on(program, work) {
  try {
    await work(program);
  } finally {
    await program.stop();
  }
}

/** Lets so many go on at once; the others wait for one of them to end. */
class Seats {
  #free;
  #waiting = [];

  constructor(count) {
    this.#free = count;
  }

  async taken(act) {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((seated) => this.#waiting.push(seated));
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** Crawls go on by two at a time: as many as there are processors to draw pages. */
const crawlers = new Seats(2);

/** A crawl as each role, and as a visitor. */
async function crawlAll(browser, program, name, people) {
  const region = new Region(name, values.shots);
  const each = [null, ...people].map((who) => crawlers.taken(
    () => part(`${name} as ${who?.role ?? "visitor"}`, () => crawl(browser, program, who, region)),
  ));
  await Promise.all(each);
}

const browser = await launch();
const work = [];
// The journeys wait for deadlines most of the time: they go on beside everything else.
if (asked("journeys")) {
  for (const { engine, ...way } of WAYS) {
    const name = `the main way on ${engine}, ${way.words}`;
    work.push(part(name, async () => on(await Program.empty(hearth, engine), (program) => journey(browser, program, { name, ...way }))));
  }
}
if (asked("crawl") || asked("again")) {
  work.push(part("the demo's region", async () => on(await Program.demo(hearth), async (program) => {
    if (asked("again")) await part("sent again", () => again(browser, program));
    if (asked("crawl")) await crawlAll(browser, program, "region", program.signIns);
  })));
}
if (asked("empty") || asked("keyboard")) {
  work.push(part("an empty region", async () => on(await Program.empty(hearth, "PostgreSQL"), async (program) => {
    const people = await cast(program);
    if (asked("keyboard")) await part("by keyboard", () => keyboard(browser, program));
    // A bidder's pages are an administrator's.
    if (asked("empty")) await crawlAll(browser, program, "empty region", people.filter(({ role }) => role !== "bidder"));
  })));
}
await Promise.all(work);
await browser.close();
process.exitCode = total();
