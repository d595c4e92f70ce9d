// SPDX-License-Identifier: Apache-2.0
// The page behind a sign-off link: without script, for everybody, and nothing that clicks all it sees decides anything.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
let key;
let path;
before(async () => {
  site = await Site.start();
  key = await site.change("Export for the auditors");
  ({ path } = await site.call("li", "link.create", { case: key, person: "tom" }));
});
after(() => site.stop());

const state = async () => JSON.stringify(await site.call("li", "case.get", { case: key }));

/** Clicks one thing after the other, each on a fresh page, and sends what forms there are as it finds them. */
async function clickEverything(page, address) {
  const things = "a, button, input, textarea, summary, label, [role=button], [onclick]";
  await page.goto(address);
  const n = await page.locator(things).count();
  assert.ok(n > 8, `the page has ${n} things to click`);
  for (let i = 0; i < n; i++) {
    await page.goto(address);
    const moved = page.waitForNavigation({ timeout: 400 }).catch(() => undefined);
    await page.locator(things).nth(i).click({ timeout: 5000 }).catch(() => undefined);
    await moved;
    // What a program does next: it sends the form, whether the browser would let it or not.
    if ((await page.locator("form").count()) === 0) continue;
    const sent = page.waitForNavigation({ timeout: 10_000 });
    await page.evaluate(() => void setTimeout(() => HTMLFormElement.prototype.submit.call(document.forms[0])));
    await sent;
  }
  return n;
}

test("a browser that clicks everything it sees decides nothing", async () => {
  const before = await state();
  const page = await site.open(null, path);
  await clickEverything(page, site.url + path);
  assert.equal(await state(), before);
  // The planted fault: the same, with what only a reader knows, does decide; so it is seen when it happens.
  await page.goto(site.url + path);
  const code = await page.locator(".code").textContent();
  await page.getByRole("radio").first().check();
  await page.locator("[name=name]").fill("Tom Baker");
  await page.locator("[name=code]").fill(code);
  await page.getByRole("button").click();
  await page.getByText("Your answer has been recorded.").waitFor();
  assert.notEqual(await state(), before);
  site.forgive(/status of 4\d\d/); // that is what refused forms are answered with
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`it can be read by everybody: ${language}, ${theme}`, async () => {
      const other = await site.change(`Export (${language}, ${theme})`);
      const made = await site.call("li", "link.create", { case: other, person: "tom" });
      for (const width of [1000, 390]) {
        const page = await site.open(null, made.path, { language, theme, width, height: 1400 });
        assert.equal(await page.evaluate(() => document.scripts.length), 0);
        assert.deepEqual(await serious(page), []);
        const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(widths[0] <= widths[1], `it is wider than the window: ${widths}`);
        await shot(page, `link-${language}-${theme}-${width}`);
      }
    });
