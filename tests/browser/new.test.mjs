// SPDX-License-Identifier: Apache-2.0
// The team opens a case in the console: what the person may open where, its form, and what was typed in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

const XSS = `<img src=x onerror="window.hit=1">`;

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

test("a case of a workflow that one may open is opened, with what was typed in", async () => {
  const page = await site.open("li", "/console/");
  await page.getByRole("link", { name: "New", exact: true }).click();
  await page.getByRole("button", { name: "Risk", exact: true }).waitFor();
  // One that nobody can open without its summary is offered, too.
  await page.getByRole("button", { name: "Training", exact: true }).waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "new");
  await page.getByRole("button", { name: "Risk", exact: true }).click();
  await page.getByLabel("Risk", { exact: true }).fill(`The supplier is late ${XSS}`);
  assert.deepEqual(await serious(page), []);
  await shot(page, "new-form");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("heading", { name: "The supplier is late" }).waitFor();
  assert.equal(await page.evaluate(() => window.hit), undefined);
  const { items } = await site.call("li", "case.list", { workflow: "risk" });
  assert.equal(items[0].title, `The supplier is late ${XSS}`);
});

test("nobody is offered what they may not open, and a form that lacks something says what", async () => {
  const page = await site.open("sun", "/console/new", { language: "zh", theme: "dark", width: 390, height: 780 });
  await page.getByRole("button", { name: "风险", exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "项目章程", exact: true }).count(), 0);
  await page.getByRole("button", { name: "风险", exact: true }).click();
  await page.getByRole("button", { name: "新建", exact: true }).click();
  assert.match(page.url(), /\/console\/new$/);
  assert.equal((await site.call("sun", "case.list", { workflow: "risk", opener: "sun" })).items.length, 0);
  assert.deepEqual(await serious(page), []);
  await shot(page, "new-zh-dark-phone");
});
