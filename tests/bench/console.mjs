// SPDX-License-Identifier: Apache-2.0
// What each page of the console costs with many open cases, beside the same with few.
//
//   SIGNOFF_BINARY=build/release/signoff node tests/bench/console.mjs [--cases 10000] [--times 3] [--json FILE]
//
// view: milliseconds from asking for the page until what it is there for is seen, by the browser's own clock. longest:
// the longest piece of work without a pause, until then / while its lists are scrolled / while a case changes. Needs what
// tests/browser needs.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Site } from "../browser/harness.mjs";
import { Cost, open_many } from "../browser/many.mjs";

const FEW = 20;
const SCROLLS = 40;
const SETTLE = 15_000;
const { values: options } = parseArgs({
  options: { cases: { type: "string", default: "10000" }, times: { type: "string", default: "3" }, json: { type: "string" } },
});

const pages = [
  ["inbox", "li", "/console/", ".asked .values"],
  ["board", "li", "/console/board/change_request", ".board-card"],
  ["search", "li", "/console/search", ".case-line"],
  ["search for words", "li", "/console/search?text=printing", ".case-line"],
  ["case", "li", "/console/case/CR-6", ".case-main .acts"],
  ["project", "li", "/console/project/acme-erp", ".case-line"],
  ["client", "li", "/console/client/acme", ".case-line"],
  ["new", "li", "/console/new", ".portal-kinds button"],
  ["reports", "li", "/console/reports", ".reports"],
  ["workflow", "li", "/console/workflow/change_request", "main svg"],
  ["portal", "mei", "/portal/", ".portal-row"],
  ["portal's case", "mei", "/portal/case/CR-1", ".asked .values"],
];

const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
const quiet = (page) => page.evaluate(() => new Promise((done) => setTimeout(done, 2000)));

/** Everything that scrolls, and the page itself, from top to bottom in steps of one picture each. */
const scroll = (page) =>
  page.evaluate(async (steps) => {
    const all = [document.scrollingElement, ...document.querySelectorAll(".column-scroll, .list")];
    for (let i = 1; i <= steps; i++) {
      for (const one of all) one.scrollTop = ((one.scrollHeight - one.clientHeight) * i) / steps;
      await new Promise((done) => requestAnimationFrame(done));
    }
  }, SCROLLS);

async function once(site, [, who, path, sees], key) {
  const page = await site.blank(who);
  const cost = await Cost.of(page);
  await page.goto(site.url + path, { waitUntil: "commit" });
  await page.locator(sees).first().waitFor();
  const view = await page.evaluate(() => Math.round(performance.now()));
  await quiet(page);
  const first = await cost.take();
  await scroll(page);
  const scrolled = await cost.take();
  await site.call("mei", "case.edit", { case: key, fields: { reason: `Because of ${Math.random()}` } });
  await quiet(page);
  const live = await cost.take();
  await page.context().close();
  return { view, first, scrolled, live };
}

async function measured(n) {
  const site = await Site.start();
  try {
    const keys = await open_many(site, n);
    await new Promise((done) => setTimeout(done, SETTLE)); // ten thousand cases made in two seconds are still being put away
    const rows = [];
    for (const page of pages) {
      const all = [];
      for (let i = 0; i < Number(options.times); i++) all.push(await once(site, page, keys[0]));
      rows.push({ page: page[0], cases: n, ...all[0], view: median(all.map((one) => one.view)) });
    }
    return rows;
  } finally {
    await site.stop();
  }
}

const few = await measured(FEW);
const many = await measured(Number(options.cases));
const kb = (bytes) => (bytes / 1000).toFixed(0);
const line = (...cells) => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(17) : String(cell).padStart(10))).join(""));
console.log(`${options.cases} open cases; x: beside ${FEW}\n`);
line("page", "view ms", "x", "calls", "files KB", "answers KB", "x", "elements", "longest ms", "scrolled", "changed", "calls then");
many.forEach((row, i) => {
  const small = few[i];
  const times = (of) => (of(row) / Math.max(1, of(small))).toFixed(1);
  line(row.page, row.view, times((one) => one.view), row.first.calls.length, kb(row.first.fileBytes), kb(row.first.callBytes),
    times((one) => one.first.callBytes), row.first.elements, row.first.longest, row.scrolled.longest, row.live.longest, row.live.calls.length);
});
if (options.json) writeFileSync(options.json, JSON.stringify({ few, many }, null, 1));
