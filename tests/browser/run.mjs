// Every part of the pages' tests, on a Chromium of their own. Called by `run`, which brings what is needed.

import { parseArgs } from "node:util";
import { launch } from "./chromium.mjs";
import { crawl } from "./crawl.mjs";
import { cast } from "./cast.mjs";
import { journey } from "./journey.mjs";
import { keyboard } from "./keyboard.mjs";
import { Program } from "./program.mjs";
import { part, total } from "./report.mjs";

const { values, positionals } = parseArgs({ options: { shots: { type: "string" } }, allowPositionals: true });
const [hearth, ...wanted] = positionals;
const asked = (name) => wanted.length === 0 || wanted.includes(name);

/** Runs what is to be done on a program; whatever happens, it is stopped and nothing of it is left. */
async function on(program, work) {
  try {
    await work(program);
  } finally {
    await program.stop();
  }
}

/** Each role in turn, by two at a time: as many as there are processors to draw pages. */
async function crawlAll(browser, program, region, people) {
  const waiting = [null, ...people];
  const one = async () => {
    while (waiting.length > 0) {
      const who = waiting.shift();
      const name = `${region} as ${who?.role ?? "visitor"}`;
      await part(name, () => crawl(browser, program, who, { name, shots: values.shots }));
    }
  };
  await Promise.all([one(), one()]);
}

const browser = await launch();
const work = [];
// The journeys wait for deadlines most of the time: they go on beside everything else.
if (asked("journeys")) {
  for (const engine of ["SQLite", "PostgreSQL"]) {
    for (const script of [true, false]) {
      const name = `the main way on ${engine}, ${script ? "with" : "without"} JavaScript`;
      work.push(part(name, async () => on(await Program.empty(hearth, engine), (program) => journey(browser, program, { name, script }))));
    }
  }
}
if (asked("crawl")) {
  work.push(part("the demo's region", async () => on(await Program.demo(hearth), (program) => crawlAll(browser, program, "region", program.signIns))));
}
if (asked("empty") || asked("keyboard")) {
  work.push(part("an empty region", async () => on(await Program.empty(hearth, "PostgreSQL"), async (program) => {
    const people = await cast(program);
    if (asked("keyboard")) await part("by keyboard alone", () => keyboard(browser, program));
    // A bidder's pages are an administrator's.
    if (asked("empty")) await crawlAll(browser, program, "empty region", people.filter(({ role }) => role !== "bidder"));
  })));
}
await Promise.all(work);
await browser.close();
process.exitCode = total();
