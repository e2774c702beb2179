// Debian's Chromium, and people in front of it.

import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--no-proxy-server", "--disable-dev-shm-usage",
];

export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 375, height: 800 };
/** 1280 px at a zoom of 400 %. */
export const ZOOMED = { width: 320, height: 256 };

export function launch() {
  return chromium.launch({ executablePath: process.env.HEARTH_CHROMIUM, args: FLAGS });
}

/** A browser window of its own, with its own cookies; `faults` collects what its pages complained of. */
export async function person(browser, program, options = {}) {
  const context = await browser.newContext({
    baseURL: program.base, viewport: WIDE, locale: "en-GB", timezoneId: "Europe/London", reducedMotion: "reduce", ...options,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const faults = [];
  // A refused form is answered 4xx, of which the browser complains as well.
  const expected = /Failed to load resource: the server responded with a status of 4(01|09|12|22)/;
  page.on("console", (said) => {
    if (["error", "warning"].includes(said.type()) && !expected.test(said.text())) faults.push(`${page.url()}: ${said.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error}`));
  return { context, page, faults };
}

/** Signs in through the page. */
export async function signIn(page, email, password) {
  await page.goto("/sign-in");
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}
