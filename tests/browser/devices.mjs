// What somebody works a page with: a pointer, or the keyboard alone. Both know the same few acts.

import { check } from "./report.mjs";

/** The most presses of a key that anything on a page is away. */
const FAR = 100;

/** A hand on a mouse, or a finger. */
export class Pointer {
  press(target) {
    return target.click();
  }

  write(target, text) {
    return target.fill(text);
  }

  tick(target) {
    return target.check();
  }

  pick(select, label) {
    return select.selectOption({ label });
  }
}

/** Tab and Shift with it, arrows, Space, Enter, and what is typed. Where it gets to must be seen. */
export class Keys {
  constructor(page, name) {
    Object.assign(this, { page, name });
  }

  async press(target) {
    await this.reach(target);
    await this.page.keyboard.press("Enter");
  }

  async write(target, text) {
    await this.reach(target);
    await this.page.keyboard.press("Control+A");
    await (text === "" ? this.page.keyboard.press("Delete") : this.page.keyboard.type(text));
  }

  async tick(target) {
    await this.reach(target);
    // Tab stops at a group of radios once; arrows choose among them.
    for (let presses = 0; presses < FAR; presses += 1) {
      const steps = await target.evaluate((wanted) => {
        const group = [...document.querySelectorAll("input[type=radio]")].filter((one) => one.name === wanted.name && one.form === wanted.form);
        return group.length && group.indexOf(wanted) - group.indexOf(document.activeElement);
      });
      if (steps === 0) break;
      await this.page.keyboard.press(steps > 0 ? "ArrowDown" : "ArrowUp");
    }
    if (!(await target.isChecked())) await this.page.keyboard.press("Space");
    if (!(await target.isChecked())) throw new Error(`no key chooses it; the focus is on ${await this.focused()}`);
  }

  async pick(select, label) {
    await this.reach(select);
    await this.page.keyboard.type(label);
    const chosen = await select.evaluate((element) => element.selectedOptions[0]?.label);
    if (chosen !== label) throw new Error(`typing “${label}” chooses “${chosen}”`);
  }

  /** Goes there by Tab, or back by Shift and Tab. */
  async reach(target) {
    const wanted = await target.elementHandle();
    const before = await wanted.evaluate(look);
    for (let presses = 0; presses <= FAR; presses += 1) {
      const key = await wanted.evaluate(next);
      if (key === null) {
        const seen = await wanted.evaluate(isSeen, presses > 0 ? before : null);
        check(`${this.name}: where the focus is, is seen`, seen === "", `${await this.focused()} ${seen} at ${this.page.url()}`);
        return;
      }
      await this.page.keyboard.press(key);
    }
    throw new Error(`${FAR} presses of Tab do not reach it; the focus is on ${await this.focused()}`);
  }

  focused() {
    return this.page.evaluate(() => document.activeElement.outerHTML.slice(0, 150));
  }
}

/** The key that leads nearer; none when the focus is there, or in the group of radios that the wanted one is of. */
function next(wanted) {
  const at = document.activeElement;
  if (at === wanted || (wanted.type === "radio" && at.type === "radio" && at.name === wanted.name && at.form === wanted.form)) return null;
  return wanted.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING ? "Shift+Tab" : "Tab";
}

function look(element) {
  const { backgroundColor, boxShadow } = getComputedStyle(element);
  return { backgroundColor, boxShadow };
}

/** What is wrong with how the focused element is shown; `before` is how it looked without the focus, where that is known. */
function isSeen(wanted, before) {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  if (!element.matches(":focus-visible")) return "does not match :focus-visible";
  if (box.width < 1 || box.height < 1 || box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth) return "is out of sight";
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/^rgba\(.*, 0\)$/.test(style.outlineColor);
  const filled = before && style.backgroundColor !== before.backgroundColor && style.boxShadow !== before.boxShadow;
  return !before || outlined || filled ? "" : `has neither an outline nor another ground (${style.outline})`;
}
