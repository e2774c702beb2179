// What the keyboard finds beside the main way: the link over the navigation, and the way from what is wrong to its field.

import { check } from "./report.mjs";
import { person } from "./chromium.mjs";
import { Keys } from "./devices.mjs";
import { PASSWORD } from "./program.mjs";

export async function keyboard(browser, program) {
  const { page, context, faults } = await person(browser, program);
  const keys = new Keys(page, "by keyboard");
  const focus = async (what, selector) => {
    const there = await page.locator(selector).evaluate((element) => element === document.activeElement);
    check(`by keyboard: the focus is on ${what}`, there, await keys.focused());
  };
  const send = (button) => Promise.all([page.waitForNavigation(), keys.press(page.getByRole("button", { name: button, exact: true }))]);

  await page.goto("/");
  await page.keyboard.press("Tab");
  await focus("the link that skips to the content", "a.skip");
  await page.keyboard.press("Enter");
  await focus("the content", "main");

  await page.goto("/sign-in");
  await keys.write(page.getByLabel("Email address"), "operator@coop.example");
  await keys.write(page.getByLabel("Password"), "not the password");
  await send("Sign in");
  await focus("what is wrong", ".summary");
  await keys.write(page.getByLabel("Password"), PASSWORD);
  await send("Sign in");

  await page.goto("/people/invite");
  await keys.write(page.getByLabel("Full name"), "Key Board");
  await send("Send the invitation");
  await focus("what is wrong in the form", ".summary");
  await keys.press(page.getByRole("link", { name: /^“Work email address”/ }));
  await focus("the field that the summary names", "[name=email]");
  check("by keyboard: what was right still stands", (await page.getByLabel("Full name").inputValue()) === "Key Board");
  check("by keyboard: the browser complains of nothing", faults.length === 0, faults.join("\n"));
  await context.close();
}
