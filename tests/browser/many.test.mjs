// SPDX-License-Identifier: Apache-2.0
// Many open cases: what a page asks for, gets and holds has bounds that do not grow with them, and what others do makes
// a page ask for what it shows and no more. Times depend on the machine: tests/bench/console.mjs prints them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Cost, open_many } from "./many.mjs";
import { Site } from "./harness.mjs";

const MANY = 1500;
const FIRST_VIEW = 200_000; // bytes, over the wire
let site;
let keys;
before(async () => {
  site = await Site.start();
  keys = await open_many(site, MANY);
});
after(() => site.stop());

const words = (n) => n.toLocaleString("en");
const count = (calls, name) => calls.filter((one) => one === name).length;

// calls: of all methods, with signing in and the watch. elements: of the whole document.
const pages = {
  "/console/": { sees: ".asked .values", calls: 7, elements: 900 },
  "/console/board/change_request": { sees: ".board-card", calls: 23, elements: 900 },
  "/console/search": { sees: ".case-line", calls: 7, elements: 700 },
  "/console/project/acme-erp": { sees: ".case-line", calls: 13, elements: 500 },
  "/console/workflow/change_request": { sees: "main svg", calls: 13, elements: 1100, behind: ["case.count", "case.count", "inbox.count"] },
  "/console/client/acme": { sees: ".case-line", calls: 10, elements: 500, behind: ["client.file", "inbox.count"] },
  "/console/projects": { sees: ".tiles a", calls: 7, elements: 300 },
  "/console/new": { sees: ".portal-kinds button", calls: 7, elements: 300 },
  "/portal/": { who: "mei", sees: ".portal-row", calls: 9, elements: 600 },
  "/portal/case/CR-1": { who: "mei", sees: ".asked .values", calls: 8, elements: 300 },
  "/portal/new": { who: "mei", sees: ".portal-kinds button", calls: 7, elements: 300 },
};

/** Until nothing has been asked for a while: each answer is one more turn of the page, and what is asked behind comes a
 * quarter of a second after the others. */
async function settled(page, cost) {
  for (let seen = -1; seen !== cost.calls.length; ) {
    seen = cost.calls.length;
    await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
  }
}

for (const [path, { who = "li", sees, calls, elements, behind = ["inbox.count"] }] of Object.entries(pages))
  test(`${path} asks for, gets and holds a bounded part of ${MANY} cases`, async () => {
    const page = await site.blank(who);
    const cost = await Cost.of(page);
    await page.goto(site.url + path);
    await page.locator(sees).first().waitFor();
    await settled(page, cost);
    const took = await cost.take();
    assert.ok(took.calls.length <= calls, `calls: ${took.calls.join(" ")}`);
    const twice = took.calls.filter((one, i) => /^case\.(get|allowed)$/.test(one) && took.calls.indexOf(one) !== i);
    assert.deepEqual(twice, [], "asked twice");
    const apart = took.apart.filter((one) => one !== "session.whoami"); // before there is a connection
    assert.deepEqual(apart.sort(), behind, "nothing that the page shows first waits behind what is counted");
    assert.ok(took.fileBytes + took.callBytes < FIRST_VIEW, `bytes: ${took.fileBytes} of files, ${took.callBytes} of answers`);
    assert.ok(took.fileBytes > 10_000 && took.callBytes > 100, "nothing was counted");
    assert.ok(took.elements <= elements, `elements: ${took.elements}`);
    await page.context().close();
  });

test("pages say how many cases there are, although they ask for few", async () => {
  const draft = MANY * 0.3; // see open_many
  const page = await site.open("li", "/console/board/change_request");
  await page.getByRole("heading", { name: `Draft ${draft}`, exact: true }).waitFor();
  await page.goto(`${site.url}/console/project/acme-erp`);
  await page.getByRole("heading", { name: `Open work ${words(MANY)}`, exact: true }).waitFor();
  await page.getByText(`Change request ${words(MANY)}`).waitFor();
  await page.getByText(`${words(MANY)} open: Change request`).waitFor();
  await page.getByRole("link", { name: `${words(MANY - 12)} more in the search` }).waitFor();
  await page.goto(`${site.url}/console/workflow/change_request`);
  await page.getByText(`${words(MANY)} open cases`).waitFor();
  await page.context().close();
  const portal = await site.open("mei", "/portal/");
  await portal.getByText(`${words(MANY)} under way · 0 finished`).waitFor();
  assert.equal(await portal.locator(".portal-row").count(), 20);
  await portal.locator(".portal-project").getByRole("button", { name: "Show more" }).click();
  await portal.locator(".portal-row").nth(59).waitFor();
  await portal.context().close();
});

test("a comment makes no list ask again, and a move only the columns that it leads from and to", async () => {
  const key = keys[5]; // in "screening"
  const page = await site.blank("li");
  const cost = await Cost.of(page);
  await page.goto(`${site.url}/console/board/change_request`);
  await page.locator(".board-card").first().waitFor();
  await settled(page, cost);
  cost.none();
  const told = cost.entry();
  await site.call("li", "case.comment", { case: key, text: "Seen" });
  await told;
  await settled(page, cost);
  assert.deepEqual((await cost.take()).calls, []);
  const moved = cost.entry();
  await site.call("li", "case.fire", { case: key, event: "accept" });
  await moved;
  await settled(page, cost);
  const { calls } = await cost.take();
  assert.equal(count(calls, "case.list"), 3, `screening, estimating and pricing of the 14 columns: ${calls.join(" ")}`);
  assert.ok(count(calls, "inbox.count") <= 1);
});

test("what is kept beside the cases is not asked for again when a case moves", async () => {
  const page = await site.blank("li");
  const cost = await Cost.of(page);
  await page.goto(`${site.url}/console/admin/people`);
  await page.getByRole("rowheader", { name: "mei" }).waitFor();
  await settled(page, cost);
  cost.none();
  const moved = cost.entry();
  await site.call("li", "case.fire", { case: keys[6], event: "accept" });
  await moved;
  await settled(page, cost);
  assert.equal(count((await cost.take()).calls, "person.list"), 0);
  await site.call("li", "person.update", { person: "tom", title: "Tom of the second shift" });
  await page.getByText("Tom of the second shift").waitFor();
  await page.context().close();
});
