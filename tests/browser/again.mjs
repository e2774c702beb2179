// A form that is sent once more: after the back button, by two clicks, from two tabs. What it does is done once, whoever sends what
// does not hold any more is told, and nothing that was typed is lost.

import { check } from "./report.mjs";
import { person, signIn } from "./chromium.mjs";
import { Day } from "./hands.mjs";

/** On a region with homes and requests, as its provider. */
export async function again(browser, program) {
  const visitor = await person(browser, program);
  const { page, context, faults } = visitor;
  await signIn(page, program.signIns.find(({ role }) => role === "provider_admin").email, program.password);
  await page.goto("/homes?status=active");
  const home = await page.locator("main tbody th a").first().getAttribute("href");
  for (const [name, act] of Object.entries({ back, twoClicks, twoTabs, twoTexts })) {
    await act(visitor, home).catch(async (cause) => {
      check(`sent again, ${name}: goes through to its end`, false, `${cause.stack}\n${await page.locator("main").innerText()}`);
    });
  }
  check("sent again: the browser complains of nothing", faults.length === 0, faults.join("\n"));
  await context.close();
}

/** Presses the button of a form; answers with which status that was answered. */
async function send(page, button) {
  const [answer] = await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: button }).click()]);
  return answer.status();
}

/** Types a price that begins in so many days. */
async function typePrice(page, home, inDays, core) {
  await page.goto(`${home}/prices`);
  const lot = page.getByLabel("Lot", { exact: true });
  if (await lot.count()) await lot.selectOption({ index: 1 });
  const day = new Day(inDays);
  for (const part of ["Day", "Month", "Year"]) await page.getByLabel(part, { exact: true }).fill(day[part.toLowerCase()]);
  await page.getByLabel("Core", { exact: true }).fill(core);
  for (const line of ["Additional support", "Education", "Other"]) await page.getByLabel(line, { exact: true }).fill("0");
}

async function listed({ page }, home, ...cores) {
  await page.goto(`${home}/prices`);
  const text = await page.locator("main").innerText();
  return cores.map((core) => text.split(core).length - 1);
}

/** Back to a form that was sent, and forward again, and the page after it loaded anew: nothing of it is sent. */
async function back(visitor, home) {
  const { page } = visitor;
  await typePrice(page, home, 300, "1,001.01");
  let sent = 0;
  const count = (request) => { sent += request.method() === "POST" ? 1 : 0; };
  page.on("request", count);
  const status = await send(page, "List this price");
  await page.goBack();
  const there = await page.getByRole("button", { name: "List this price" }).count();
  await page.goForward();
  await page.reload();
  check("sent again, back: the form is sent once", status === 200 && there === 1 && sent === 1, { status, there, sent });
  // The price is shown once a line, and once more as the sum of them.
  const [lines] = await listed(visitor, home, "1,001.01");
  check("sent again, back: it is done once", lines === 2, `${lines} times`);

  // What was refused can be gone back from, and forward to, as well.
  await typePrice(page, home, 301, "no sum");
  const refused = await send(page, "List this price");
  await page.goBack();
  check("sent again, back: a refused form leaves a way back", refused === 422 && (await page.getByRole("button", { name: "List this price" }).count()) === 1, refused);
  page.off("request", count);
}

/** Two clicks send one form twice. */
async function twoClicks(visitor, home) {
  const { page } = visitor;
  await typePrice(page, home, 310, "1,002.02");
  // The second click may break off what the first began, on the way there or back: what counts is where it ends.
  await page.getByRole("button", { name: "List this price" }).dblclick();
  await page.getByText("The price is listed: £1,002.02 a week.").waitFor();
  await page.waitForLoadState("networkidle");
  const [lines] = await listed(visitor, home, "1,002.02");
  check("sent again, two clicks: it is done once", lines === 2, { lines });
}

/** The same form in two tabs, filled in differently: the second is told. */
async function twoTabs(visitor, home) {
  const { page } = visitor;
  const other = await visitor.context.newPage();
  await typePrice(page, home, 320, "1,003.03");
  await typePrice(other, home, 320, "1,004.04");
  const [first, second] = [await send(page, "List this price"), await send(other, "List this price")];
  check("sent again, two tabs: the second is told", first === 200 && second === 409, { first, second });
  const typed = await other.getByLabel("Core", { exact: true }).inputValue();
  check("sent again, two tabs: what was typed still stands", typed === "1,004.04", typed);
  const [kept, refused] = await listed(visitor, home, "1,003.03", "1,004.04");
  check("sent again, two tabs: the first is kept", kept === 2 && refused === 0, { kept, refused });
  await other.close();
}

/** A text that is changed in two tabs: the second is told that it was changed meanwhile. */
async function twoTexts(visitor, home) {
  const { page } = visitor;
  const other = await visitor.context.newPage();
  const statement = (tab) => tab.getByLabel("Statement of purpose, in words");
  for (const tab of [page, other]) await tab.goto(`${home}/edit`);
  await statement(page).fill("What the first tab says.");
  await statement(other).fill("What the second tab says.");
  const [first, second] = [await send(page, "Save the changes"), await send(other, "Save the changes")];
  check("sent again, two texts: the second is told", first === 200 && second === 412, { first, second });
  check("sent again, two texts: it says why", /changed this meanwhile/.test(await other.locator(".summary").innerText()));
  check("sent again, two texts: what stands now is beside it", /What stands now: What the first tab says\./.test(await other.locator("main").innerText()));
  check("sent again, two texts: what was typed still stands", (await statement(other).inputValue()) === "What the second tab says.");
  await page.goto(home);
  const text = await page.locator("main").innerText();
  check("sent again, two texts: the first is kept", text.includes("What the first tab says."), text);
  await other.close();
}
