// What a person does with a page: follows links, fills in forms by what their labels say, presses buttons.

import { check } from "./report.mjs";
import { person } from "./chromium.mjs";
import { Keys, Pointer } from "./devices.mjs";
import { PASSWORD } from "./program.mjs";

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** A label as the forms write it. */
const named = (label) => new RegExp(`^\\s*${escaped(label)}( \\(optional\\))?\\s*$`);

/** A day, to be typed in three fields. */
export class Day {
  constructor(inDays = 0) {
    const at = new Date(Date.now() + inDays * 86_400_000);
    const parts = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", day: "numeric", month: "numeric", year: "numeric" }).formatToParts(at);
    for (const { type, value } of parts) this[type] = value;
  }
}

/** A moment, to be typed as a day and a time in the UK: to the minute. */
export class Moment extends Day {
  constructor(at) {
    super((at - Date.now()) / 86_400_000);
    this.time = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
  }
}

/** Somebody at a browser of their own. */
export class Hands {
  static async at(browser, program, way, who) {
    const hands = new Hands();
    Object.assign(hands, await person(browser, program, { javaScriptEnabled: way.script }), { program, who, name: `${way.name}: ${who}` });
    hands.device = way.keyboard ? new Keys(hands.page, hands.name) : new Pointer();
    return hands;
  }

  /** Opens an address: what is typed into the browser, or came by mail. */
  async open(path) {
    const answer = await this.page.goto(path);
    this.#must(`opens ${path.replace(/[\w-]{20,}/, "…")}`, answer.status() < 400, await this.#seen());
  }

  async signIn(email) {
    await this.open("/sign-in");
    await this.fill({ "Email address": email, Password: PASSWORD });
    await this.press("Sign in");
    await this.page.getByRole("button", { name: "Sign out" }).waitFor();
  }

  /** Follows the link that was mailed, and chooses a password. */
  async join(email) {
    await this.open(await this.program.link(email, "join"));
    await this.fill({ Password: PASSWORD });
    await this.press("Join");
  }

  /** Follows a link of the page by its words. */
  async follow(words) {
    await this.#click(`follows “${words}”`, this.#one("link", words));
  }

  /** Presses a button; what it does must be taken. */
  async press(words) {
    await this.#click(`presses “${words}”`, this.#one("button", words));
  }

  /** Unfolds what a page keeps folded. */
  async unfold(words) {
    const summary = this.page.locator("summary").filter({ hasText: words }).first();
    await this.device.press(summary);
    this.#must(`unfolds “${words}”`, await summary.evaluate((element) => element.parentElement.open), await this.#seen());
  }

  #one(role, words) {
    const name = words instanceof RegExp ? words : new RegExp(`^${escaped(words)}`);
    return this.page.getByRole(role, { name }).first();
  }

  async #click(what, target) {
    const [answer] = await Promise.all([this.page.waitForNavigation(), this.device.press(target)]).catch(async (cause) => {
      throw new Error(`${this.name} ${what} at ${this.page.url()}: ${cause.message}\n${await this.#seen()}`);
    });
    this.#must(`${what} (${new URL(this.page.url()).pathname.replace(/[0-9a-f-]{36}/g, "…")})`, answer.status() < 400, `${answer.status()}\n${await this.#seen()}`);
  }

  /** The page says these words. */
  async reads(...all) {
    for (const words of all) {
      const text = (await this.page.locator("main").innerText()).replace(/\s+/g, " ");
      this.#must(`reads “${words}”`, text.includes(words), text);
    }
  }

  /** Fills in fields of the page by their labels; `Label #2` is the second of that label. */
  async fill(answers) {
    for (const [label, answer] of Object.entries(answers)) {
      await this.#answer(label, answer).catch(async (cause) => {
        throw new Error(`${this.name} fills in “${label}” at ${this.page.url()}: ${cause.message}\n${await this.#seen()}`);
      });
    }
  }

  /** Chooses what begins with these words, among the radios of a group. */
  async choose(legend, words) {
    await this.device.tick(this.#group(legend, 0).getByRole("radio", { name: new RegExp(`^\\s*${escaped(words)}`) }).first());
  }

  async #answer(label, answer) {
    const [, words, nth] = label.match(/^(.*?)(?: #(\d))?$/);
    const at = Number(nth ?? 1) - 1;
    if (answer instanceof Day) {
      const group = this.#group(words, at);
      for (const part of ["Day", "Month", "Year"]) await this.device.write(group.getByLabel(part, { exact: true }), answer[part.toLowerCase()]);
      if (answer.time) await this.device.write(group.getByLabel(/^Time/), answer.time);
    } else if (Array.isArray(answer)) {
      for (const choice of answer) await this.device.tick(this.#group(words, at).getByLabel(named(choice)));
    } else if (answer === true) {
      await this.device.tick(this.page.getByLabel(named(words)).nth(at));
    } else if (answer?.choose) {
      const select = this.page.getByLabel(named(words)).nth(at);
      const options = (await select.locator("option").allInnerTexts()).map((option) => option.trim());
      const wanted = options.find((option) => option.startsWith(answer.choose));
      if (!wanted) throw new Error(`“${answer.choose}” is none of ${options.join(", ")}`);
      await this.device.pick(select, wanted);
    } else {
      await this.device.write(this.page.getByLabel(named(words)).nth(at), answer);
    }
  }

  #group(words, at) {
    const legend = this.page.locator("legend").filter({ hasText: named(words) });
    return this.page.locator("fieldset").filter({ has: legend }).nth(at);
  }

  /** A step that the rest of the way stands on. */
  #must(what, holds, seen) {
    if (!check(`${this.name} ${what}`, holds, seen)) throw new Error(`${this.name} could not go on: ${what}`);
  }

  async #seen() {
    const text = await this.page.locator("main").innerText().catch(() => "");
    return `${this.page.url()}\n${text.slice(0, 1500)}`;
  }

  /** Ends the visit: nothing may have been complained of. */
  async leave() {
    check(`${this.name}: the browser complained of nothing`, this.faults.length === 0, this.faults.join("\n"));
    await this.context.close();
  }
}
