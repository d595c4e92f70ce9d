// SPDX-License-Identifier: Apache-2.0
// A server with the demo team on virtual time, and Debian's Chromium to look at it.
//
//   const site = await Site.start();
//   const page = await site.open("li", "/console/", { language: "zh", theme: "dark", width: 390 });
//   ...
//   await site.stop();      fails when a page broke its content security policy or threw an error
//
// Pictures go to SIGNOFF_SHOTS, to be looked at by eye.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "node:test";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const PROGRAM = process.env.SIGNOFF_BINARY ?? "signoff";
const SHOTS = process.env.SIGNOFF_SHOTS ?? join(tmpdir(), "signoff-shots");
const QUICKSTART = fileURLToPath(new URL("../../examples/quickstart.sh", import.meta.url));
const WAIT_MS = 30_000; // with sanitizers, on a busy machine
const CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

// What a test has opened it has done with at its end, and a browser with few pages is a quick one.
const opened = [];
afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});

/** What the server says, up to the line that is waited for; or why it did not come. */
function ready(server, pattern = /\n/) {
  return new Promise((done, failed) => {
    let said = "";
    server.stdout.on("data", (bytes) => {
      said += bytes;
      if (pattern.test(said)) done(said);
    });
    server.stderr.on("data", (bytes) => (said += bytes));
    server.on("exit", () => failed(new Error(`the server did not start: ${said}`)));
  });
}

/** A workflow of the team's own, in its folder: as Site.start's prepare does, or before a reload. */
export function use(folder, name, text) {
  mkdirSync(join(folder, "workflows"), { recursive: true });
  writeFileSync(join(folder, "workflows", `${name}.lua`), text);
  const team = join(folder, "team.lua");
  const rules = readFileSync(team, "utf8");
  if (!rules.includes(`use "${name}"`)) writeFileSync(team, rules.replace('use "change_request"', `use "change_request",\n  use "${name}"`));
}

export class Site {
  static async start({ clock = "2026-01-05T09:00:00+08:00", settings = {}, prepare = () => {} } = {}) {
    const site = new Site();
    site.folder = mkdtempSync(join(tmpdir(), "signoff-browser."));
    site.path = join(site.folder, "site");
    site.env = { ...process.env, XDG_CONFIG_HOME: site.folder, SIGNOFF_SITE: site.path, ...settings };
    delete site.env.SIGNOFF_SERVER;
    delete site.env.SIGNOFF_TOKEN;
    execFileSync(PROGRAM, ["init", site.path, "--demo"], { env: site.env });
    prepare(join(site.path, "teams", "demo"));
    await site.serve("127.0.0.1:0", clock);
    site.faults = [];
    return site;
  }

  /** The site that examples/quickstart.sh makes; links: those that it prints to sign in by. Nobody's token is known; pages stay from test to test. */
  static async quickstart(...words) {
    const site = new Site();
    site.folder = mkdtempSync(join(tmpdir(), "signoff-browser."));
    site.server = spawn(QUICKSTART, ["--program", PROGRAM, ...words], {
      env: { ...process.env, TMPDIR: site.folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    site.said = await ready(site.server, /goes on until Ctrl-C/);
    site.links = site.said.match(/http:\/\/\S+\/enter\/\S+/g) ?? [];
    site.url = new URL(site.links[0]).origin;
    site.faults = [];
    site.contexts = [];
    return site;
  }

  async serve(http, clock) {
    this.clock = clock;
    this.server = spawn(PROGRAM, ["serve", this.path, "--listen", "127.0.0.1:0", "--http", http, "--clock", clock], {
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.url = /http:\/\/127\.0\.0\.1:\d+/.exec(await ready(this.server))[0];
  }

  /** Ends the server and starts it again at the same address. */
  async restart() {
    await this.end();
    await this.serve(new URL(this.url).host, this.clock);
  }

  async end() {
    this.server.removeAllListeners("exit");
    const gone = new Promise((done) => this.server.on("exit", done));
    this.server.kill();
    await gone;
  }

  token(name) {
    const file = name === "admin" || name === "operator" ? `${name}.token` : join("demo", `${name}.token`);
    return readFileSync(join(this.path, file), "utf8").trim();
  }

  /** A call of the protocol; throws what is refused. */
  async call(name, method, params = {}) {
    const response = await fetch(`${this.url}/rpc`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(name === null ? {} : { Authorization: `Bearer ${this.token(name)}` }) },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const answer = await response.json();
    if (answer.error) throw Object.assign(new Error(answer.error.message), { code: answer.error.data?.code });
    return answer.result;
  }

  cli(...words) {
    return execFileSync(PROGRAM, words, { env: this.env, encoding: "utf8" });
  }

  /** A change request that waits for everybody's agreement; its key. */
  async change(summary = "Export for the auditors") {
    const { case: key } = await this.call("mei", "case.open", {
      workflow: "change_request", project: "acme-erp", fields: { summary, reason: "They ask for it every quarter" },
    });
    await this.call("mei", "case.fire", { case: key, event: "submit" });
    await this.call("li", "case.fire", { case: key, event: "accept" });
    await this.call("sun", "case.fire", { case: key, event: "assess", data: { days: 5, risk: "low" } });
    await this.call("li", "case.fire", { case: key, event: "price", data: { cost: "80000.00", scope: "One report, one button" } });
    return key;
  }

  async launch() {
    this.browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: CHROMIUM });
    return this.browser;
  }

  /** A page of its own browser profile; name null: nobody is signed in. */
  async open(name, path, how = {}) {
    const page = await this.blank(name, how);
    await page.goto(this.url + path);
    return page;
  }

  /** As open(), before it goes anywhere. */
  async blank(name, { language = "en", theme = "light", width = 1280, height = 860, chosen = true } = {}) {
    const browser = await this.launch();
    const context = await browser.newContext({
      viewport: { width, height },
      locale: language === "zh" ? "zh-CN" : "en-GB",
      colorScheme: theme,
      reducedMotion: "reduce",
    });
    (this.contexts ?? opened).push(context);
    context.setDefaultTimeout(WAIT_MS);
    const token = name === null ? null : this.token(name);
    await context.addInitScript(([token, language]) => {
      if (token !== null && sessionStorage.getItem("begun") === null) sessionStorage.setItem("signoff.token", token);
      if (language !== null && localStorage.getItem("signoff.language") === null) localStorage.setItem("signoff.language", language);
      sessionStorage.setItem("begun", "yes");
    }, [token, chosen ? language : null]);
    return this.watched(context);
  }

  /** Another tab of that profile. */
  async tab(context, url) {
    const page = await this.watched(context);
    await page.goto(url);
    return page;
  }

  async watched(context) {
    const page = await context.newPage();
    const fault = (text) => this.faults.push(`${new URL(page.url()).pathname}: ${text}`);
    page.on("pageerror", (error) => fault(error.stack ?? error));
    page.on("console", (message) => message.type() === "error" && fault(message.text()));
    return page;
  }

  /** What a page may say on its console, because the test made it so. */
  forgive(pattern) {
    this.faults = this.faults.filter((fault) => !pattern.test(fault));
  }

  async stop() {
    for (const context of this.contexts ?? opened.splice(0)) await context.close();
    await this.browser?.close();
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
    assert.deepEqual(this.faults, [], "pages say that something went wrong");
  }
}

export async function shot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** What axe-core finds serious or worse on the page as it is now. */
export async function serious(page) {
  await page.evaluate(axe.source).catch(() => page.addScriptTag({ content: axe.source }));
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations
    .filter((violation) => violation.impact === "serious" || violation.impact === "critical")
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}
