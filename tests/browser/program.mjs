// The program under test: a process of its own on a database of its own, in a folder that is gone afterwards.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(fileURLToPath(import.meta.url), "../../..");

/** The password of everybody who joins. */
export const PASSWORD = "correct-Horse-7-battery";

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

export class Program {
  /** A region without anything in it but its operator, operator@coop.example. */
  static async empty(hearth, engine) {
    const program = await Program.#at(hearth, engine);
    program.#succeed("migrate");
    program.#succeed("create-operator", "--cooperative", "South East", "--name", "Op Erator", "--email", "operator@coop.example");
    await program.#serve(["serve"]);
    return program;
  }

  /** The region of `hearth demo`, with the sign-ins that it prints. */
  static async demo(hearth) {
    const program = await Program.#at(hearth, "SQLite");
    const folder = join(program.folder, "demo");
    program.mails = join(folder, "mails");
    await program.#serve(["demo", "--folder", folder]);
    const printed = readFileSync(join(program.folder, "log"), "utf8");
    program.password = printed.match(/^Password:\s+(\S+)/m)[1];
    program.signIns = [...printed.matchAll(/^(\w+)\s+(\S+@\S+)\s+\S/gm)].map(([, role, email]) => ({ role, email }));
    return program;
  }

  static async #at(hearth, engine) {
    const program = new Program();
    program.hearth = resolve(hearth);
    program.password = PASSWORD;
    program.folder = mkdtempSync(join(tmpdir(), "hearth-browser-"));
    program.mails = join(program.folder, "mails");
    program.port = await freePort();
    program.base = `http://127.0.0.1:${program.port}`;
    let database = `sqlite://${join(program.folder, "hearth.db")}`;
    if (engine === "PostgreSQL") {
      chmodSync(program.folder, 0o755);
      program.server = join(program.folder, "postgres");
      mkdirSync(program.server);
      database = execFileSync(join(ROOT, ".ci/postgres"), ["start", program.server], { encoding: "utf8" }).trim();
    }
    // Nothing of the caller's settings: an installation has none but these.
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("HEARTH_"));
    program.environment = {
      ...Object.fromEntries(kept),
      HEARTH_DATABASE_URL: database,
      HEARTH_LISTEN: `127.0.0.1:${program.port}`,
      HEARTH_PUBLIC_URL: program.base,
      HEARTH_MAIL: `file:${program.mails}`,
      HEARTH_MAIL_FROM: "Hearth <no-reply@hearth.example>",
      HEARTH_NEW_PASSWORD: PASSWORD,
      HEARTH_SECOND_FACTOR: "optional",
      HEARTH_SIGN_INS_PER_MINUTE: "0",
      HEARTH_CALLS_PER_MINUTE: "0",
      HEARTH_SECRET_KEY: createHash("sha256").update("pages").digest("base64"),
    };
    return program;
  }

  #succeed(...words) {
    const ran = spawnSync(this.hearth, words, { env: this.environment, encoding: "utf8" });
    if (ran.status !== 0) throw new Error(`hearth ${words.join(" ")}: ${ran.stderr}`);
  }

  async #serve(words) {
    const log = createWriteStream(join(this.folder, "log"));
    await new Promise((done) => log.once("open", done));
    this.process = spawn(this.hearth, words, { env: this.environment, stdio: ["ignore", log, log] });
    // The demo makes half a year of history first.
    for (let waited = 0; waited < 240_000; waited += 100) {
      const ready = await fetch(`${this.base}/health/ready`).catch(() => null);
      if (ready?.ok) return;
      if (this.process.exitCode !== null) break;
      await pause(100);
    }
    throw new Error(`hearth ${words.join(" ")} does not serve:\n${this.lastOfTheLog()}`);
  }

  lastOfTheLog() {
    return readFileSync(join(this.folder, "log"), "utf8").split("\n").slice(-25).join("\n");
  }

  /** The newest one-time link of a kind that was mailed to an address, as a path. */
  async link(email, kind) {
    for (let waited = 0; waited < 30_000; waited += 100) {
      const found = this.#mailsTo(email).map((mail) => mail.match(new RegExp(`/${kind}/[A-Za-z0-9_~-]+`))?.[0]);
      const newest = found.filter(Boolean).at(-1);
      if (newest) return newest;
      await pause(100);
    }
    throw new Error(`no ${kind} link is mailed to ${email}:\n${this.lastOfTheLog()}`);
  }

  /** Waits for a mail to an address in whose text all of these words stand. */
  async mailed(email, ...words) {
    for (let waited = 0; waited < 30_000; waited += 200) {
      if (this.#mailsTo(email).some((mail) => words.every((word) => mail.includes(word)))) return true;
      await pause(200);
    }
    return false;
  }

  /** Mails are named by the time they were made. */
  #mailsTo(email) {
    if (!existsSync(this.mails)) return [];
    const files = readdirSync(this.mails).filter((name) => name.endsWith(".eml")).sort();
    const mails = files.map((name) => readFileSync(join(this.mails, name), "utf8"));
    return mails.filter((mail) => new RegExp(`^To: .*${email.replaceAll(".", "\\.")}`, "mi").test(mail));
  }

  async stop() {
    if (this.process && this.process.exitCode === null) {
      const ended = new Promise((done) => this.process.once("exit", done));
      this.process.kill("SIGTERM");
      await Promise.race([ended, pause(15_000)]);
      this.process.kill("SIGKILL");
    }
    if (this.server) spawnSync(join(ROOT, ".ci/postgres"), ["stop", this.server]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
