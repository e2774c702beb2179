// What was checked. Every check has a name; a failed one is said at once and fails the run.

const failed = [];
let passed = 0;

/** One check: says what was seen where it does not hold. */
export function check(name, holds, seen = "") {
  if (holds) {
    passed += 1;
    return true;
  }
  failed.push(name);
  const words = typeof seen === "string" ? seen : JSON.stringify(seen, null, 1);
  console.log(`test ${name} ... FAILED\n${words.slice(0, 2500).replace(/^/gm, "    ")}`);
  return false;
}

/** Runs a part; what it throws is a failed check, so that the other parts go on. */
export async function part(name, run) {
  const began = Date.now();
  const before = [passed, failed.length];
  try {
    await run();
  } catch (cause) {
    check(`${name}: goes through to its end`, false, cause.stack ?? String(cause));
  }
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`${name}: ended after ${seconds} s`);
  return [passed - before[0], failed.length - before[1]];
}

/** The counts, in the words of `cargo test`; the code to exit with. */
export function total() {
  const good = failed.length === 0 && passed > 0;
  console.log(`\ntest result: ${good ? "ok" : "FAILED"}. ${passed} passed; ${failed.length} failed; 0 ignored`);
  return good ? 0 : 1;
}
