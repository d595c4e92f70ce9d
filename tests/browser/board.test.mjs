// SPDX-License-Identifier: Apache-2.0
// The board: columns by state; a card moves by an event, by mouse or by keys, and what is refused says why.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

const MANY = 560; // more than a page of the server's
let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

async function submitted(summary) {
  const { case: key } = await site.call("mei", "case.open", {
    workflow: "change_request", project: "acme-erp", fields: { summary, reason: "They ask for it" },
  });
  await site.call("mei", "case.fire", { case: key, event: "submit" });
  return key;
}

const card = (page, title) => page.locator(".board-card").filter({ hasText: title });
const column = (page, name) => page.locator(".column").filter({ has: page.getByRole("heading", { name: new RegExp(`^${name} `) }) });

/** As a hand does it: dragging begins once the mouse has moved. */
async function drag(page, from, to) {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  await page.mouse.move(start.x + 40, start.y + 30);
  await page.mouse.down();
  await page.mouse.move(start.x + 60, start.y + 40, { steps: 4 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 8 });
  await page.locator(".column.over").waitFor();
  await page.mouse.up();
}

test("a card dropped where an event leads goes there, and one dropped elsewhere says why not", async () => {
  const key = await submitted("Drag me");
  await site.change("Something being decided");
  const page = await site.open("li", "/console/board/change_request", { width: 4600 });
  await card(page, "Drag me").waitFor();
  await page.getByLabel("Show empty columns").check();
  await column(page, "Parked").waitFor();
  await drag(page, card(page, "Drag me"), column(page, "Parked"));
  await page.getByText("No event leads from “Screening” to “Parked”.").waitFor();
  await drag(page, card(page, "Something being decided"), column(page, "Parked"));
  await page.getByText(/decided by those who are asked/).waitFor();
  await drag(page, card(page, "Drag me"), column(page, "Estimating"));
  await page.getByText(/Accept for assessment, recorded as entry/).waitFor();
  await column(page, "Estimating").getByText("Drag me").waitFor();
  await column(page, "Pricing").getByText("Drag me").waitFor(); // parallel parts: it is in both
  assert.deepEqual((await site.call("li", "case.get", { case: key })).states, ["estimating", "pricing"]);
});

test("who may not is told by the server's words, and nothing has moved", async () => {
  const key = await submitted("Not yours");
  const page = await site.open("sun", "/console/board/change_request", { width: 4600 });
  await page.getByLabel("Show empty columns").check();
  await card(page, "Not yours").waitFor();
  const { events } = await site.call("sun", "case.allowed", { case: key });
  await drag(page, card(page, "Not yours"), column(page, "Estimating"));
  await page.locator(".toast").getByText(events.find((event) => event.event === "accept").reason).waitFor();
  assert.deepEqual((await site.call("li", "case.get", { case: key })).states, ["screening"]);
});

test("without a mouse a card is moved from its menu", async () => {
  const key = await submitted("By keys alone");
  const page = await site.open("li", "/console/board/change_request");
  await page.getByRole("button", { name: `Move ${key} …` }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Accept for assessment" }).focus();
  assert.deepEqual(await serious(page), []);
  await shot(page, "board-move");
  await page.keyboard.press("Enter");
  await page.getByText(/Accept for assessment, recorded as entry/).waitFor();
  assert.deepEqual((await site.call("li", "case.get", { case: key })).states, ["estimating", "pricing"]);
});

test("of many cases only those in view are in the page, and scrolling brings the others", async () => {
  const open = (i) =>
    site.call("mei", "case.open", { workflow: "change_request", project: "acme-erp", fields: { summary: `Draft ${i}`, reason: "Many" } });
  for (let i = 0; i < MANY; i += 20) await Promise.all(Array.from({ length: 20 }, (_, k) => open(i + k)));
  const first = await site.call("li", "case.list", { workflow: "change_request", state: "draft", open: true, sort: "due", limit: 500 });
  const rest = await site.call("li", "case.list", { workflow: "change_request", state: "draft", open: true, sort: "due", limit: 500, cursor: first.cursor });
  const last = rest.items.at(-1).title;
  const page = await site.open("li", "/console/board/change_request");
  await column(page, "Draft").getByText(first.items[0].title, { exact: true }).waitFor();
  assert.ok((await page.locator(".board-card").count()) < 60);
  const scroll = column(page, "Draft").locator(".column-scroll");
  await scroll.focus();
  for (let i = 0; i < 60 && !(await page.getByText(last, { exact: true }).isVisible()); i++) {
    await scroll.evaluate((its) => its.scrollTo(0, its.scrollHeight));
    await page.waitForTimeout(100);
  }
  await page.getByText(last, { exact: true }).waitFor();
  assert.ok((await page.locator(".board-card").count()) < 60);
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`it can be read by everybody: ${language}, ${theme}`, async () => {
      const page = await site.open("li", "/console/board/change_request", { language, theme });
      await page.locator(".board-card").first().waitFor();
      assert.deepEqual(await serious(page), []);
      await shot(page, `board-${language}-${theme}`);
      const phone = await site.open("li", "/console/board/change_request", { language, theme, width: 390, height: 780 });
      await phone.locator(".board-card").first().waitFor();
      assert.deepEqual(await serious(phone), []);
      await shot(phone, `board-${language}-${theme}-phone`);
      const widths = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(widths[0] <= widths[1], `it is wider than the phone: ${widths}`);
    });
