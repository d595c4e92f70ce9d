// SPDX-License-Identifier: Apache-2.0
// The harness finds what it is there to find: each fault is planted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

const planted = {
  "a script in a page": () => document.body.insertAdjacentElement("beforeend", Object.assign(document.createElement("script"), { textContent: "1" })),
  "a style in a page": () => document.body.insertAdjacentHTML("beforeend", "<p style='color: red'>x</p>"),
  "a picture from elsewhere": () => document.body.append(Object.assign(new Image(), { src: "http://127.0.0.2:1/x.png" })),
  "a request to elsewhere": () => fetch("http://127.0.0.2:1/").catch(() => undefined),
};

for (const [name, plant] of Object.entries(planted))
  test(`${name} breaks the policy, and is noted`, async () => {
    const page = await site.open("li", "/console/");
    await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
    assert.deepEqual(site.faults, []);
    await page.evaluate(plant);
    await page.waitForTimeout(0);
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
    assert.match(site.faults.join("\n"), /Content Security Policy/);
    site.forgive(/Content Security Policy|ERR_|127\.0\.0\.2/);
  });

test("an error that nobody catches is noted", async () => {
  const page = await site.open("li", "/console/");
  const thrown = page.waitForEvent("pageerror");
  await page.evaluate(() => void setTimeout(() => { throw new Error("planted"); }));
  await thrown;
  assert.match(site.faults.join("\n"), /planted/);
  site.forgive(/planted/);
});

test("a button without a name is serious", async () => {
  const page = await site.open("li", "/console/");
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  assert.deepEqual(await serious(page), []);
  await page.evaluate(() => document.querySelector("main").append(document.createElement("button")));
  assert.match((await serious(page)).join("\n"), /button-name/);
});
