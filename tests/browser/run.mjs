// Hearth's pages in a real browser: `node run.mjs --hearth PROGRAM [--shots FOLDER] [PART…]`. Called by `run`, which brings what is needed.

import { parseArgs } from "node:util";
import { launch } from "./chromium.mjs";
import { Program } from "./program.mjs";
import { crawl } from "./crawl.mjs";
import { part, total } from "./report.mjs";

const { values, positionals } = parseArgs({
  options: { hearth: { type: "string" }, shots: { type: "string" } },
  allowPositionals: true,
});

const browser = await launch();
const demo = await Program.demo(values.hearth);
try {
  for (const who of [null, ...demo.signIns]) {
    if (positionals.length && !positionals.includes(who?.role ?? "visitor")) continue;
    await part(`the demo's region as ${who?.role ?? "visitor"}`, () => crawl(browser, demo, who, { shots: values.shots }));
  }
} finally {
  await demo.stop();
  await browser.close();
}
process.exitCode = total();
