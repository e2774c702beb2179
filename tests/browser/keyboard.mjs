// A form by keyboard alone: to the sign-in, to a page, into a form, wrong, put right.

import { check } from "./report.mjs";
import { person } from "./chromium.mjs";
import { PASSWORD } from "./program.mjs";

/** The most presses of Tab that anything on a page is away. */
const FAR = 80;

export async function keyboard(browser, program) {
  const { page, context, faults } = await person(browser, program);
  const focused = () => page.evaluate(() => {
    const at = document.activeElement;
    const label = at.labels?.[0]?.textContent ?? at.textContent;
    return { words: label.replace(/\s+/g, " ").trim(), kind: at.tagName.toLowerCase(), outlined: at.matches(":focus-visible") };
  });
  const reach = async (kind, words) => {
    for (let presses = 0; presses < FAR; presses += 1) {
      await page.keyboard.press("Tab");
      const at = await focused();
      if (at.kind === kind && at.words.startsWith(words)) return check(`by keyboard: ${kind} “${words}” is reached, and is seen to be`, at.outlined, at);
    }
    throw new Error(`${kind} “${words}” is not reached by Tab at ${page.url()}`);
  };
  const enter = () => Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);

  await page.goto("/");
  await page.keyboard.press("Tab");
  check("by keyboard: the first stop skips to the content", (await focused()).words === "Skip to main content", await focused());
  await page.keyboard.press("Enter");
  check("by keyboard: the content has the focus after that", (await focused()).kind === "main", await focused());
  await page.goto("/sign-in");
  await reach("input", "Email address");
  await page.keyboard.type("operator@coop.example");
  await reach("input", "Password");
  await page.keyboard.type("not the password");
  await enter();
  const summary = () => page.evaluate(() => document.activeElement.className);
  check("by keyboard: the focus lands on what is wrong", (await summary()) === "summary", await summary());
  await reach("input", "Password");
  await page.keyboard.type(PASSWORD);
  await enter();
  check("by keyboard: signed in", new URL(page.url()).pathname === "/", page.url());

  await reach("a", "People");
  await enter();
  await reach("a", "Invite a person");
  await enter();
  await reach("input", "Full name");
  await page.keyboard.type("Key Board");
  await reach("button", "Send the invitation");
  await enter();
  check("by keyboard: the focus lands on what is wrong in the form", (await summary()) === "summary", await summary());
  await reach("a", "Work email address");
  await page.keyboard.press("Enter");
  check("by keyboard: the summary leads to the field", (await focused()).words.startsWith("Work email address"), await focused());
  await page.keyboard.type("keyboard@coop.example");
  // Only the first of radios is a stop; arrows and space choose among them.
  for (let presses = 0; presses < FAR && (await page.evaluate(() => document.activeElement.type)) !== "radio"; presses += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  const organisation = page.getByLabel("Organisation", { exact: true });
  if (await organisation.count()) {
    await organisation.focus();
    await page.keyboard.press("ArrowDown");
  }
  await reach("button", "Send the invitation");
  await enter();
  check("by keyboard: the invitation is sent", /Key Board is invited/.test(await page.locator("main").innerText()), await page.locator("main").innerText());
  check("by keyboard: the browser complains of nothing", faults.length === 0, faults.join("\n"));
  await context.close();
}
