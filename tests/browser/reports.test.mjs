// SPDX-License-Identifier: Apache-2.0
// Reports: the numbers are those of the cases, and what is drawn can be read and taken away.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

async function opened(summary) {
  const { case: key } = await site.call("mei", "case.open", {
    workflow: "change_request", project: "acme-erp", fields: { summary, reason: "Because" },
  });
  return key;
}

/** Three opened; one withdrawn after 2 days, one after 10; one waits at li for longer than it may. */
async function lived() {
  const [one, two, three] = [await opened("First"), await opened('=HYPERLINK("http://evil")'), await opened("Third, still open")];
  await site.call("mei", "case.fire", { case: three, event: "submit" });
  await site.call("li", "clock.advance", { by: "48 hours" });
  await site.call("mei", "case.fire", { case: one, event: "withdraw" });
  await site.call("li", "clock.advance", { by: "192 hours" });
  await site.call("mei", "case.fire", { case: two, event: "withdraw" });
}

const number = (page, name) => page.locator(".numbers div").filter({ hasText: name }).locator("dd");
const region = (page, name) => page.getByRole("region", { name });

test("the numbers are those of the cases: opened, ended, how long, waiting for whom, overdue", async () => {
  await lived();
  const page = await site.open("li", "/console/reports");
  assert.equal(await number(page, "Opened").textContent(), "3");
  assert.equal(await number(page, "Ended").first().textContent(), "2");
  assert.equal(await number(page, "Open now").textContent(), "1");
  assert.equal(await number(page, "Overdue now").textContent(), "1");
  assert.equal(await number(page, "Half ended within").textContent(), "2 days");
  assert.equal(await number(page, "85% ended within").textContent(), "10 days");
  const { items } = await site.call("li", "case.list", { open: true });
  assert.equal(items.length, 1);
  await region(page, "How cases ended").getByRole("row", { name: /Withdrawn 2/ }).waitFor();
  await region(page, "Deadlines of open cases").getByRole("row", { name: /overdue 1/ }).waitFor();
  await region(page, "Throughput").getByText("The numbers as a table").click();
  // Monday 5 January 2026 is when the site's clock begins: three opened, one ended; the second ended in the week after.
  await region(page, "Throughput").getByRole("row", { name: "5 Jan 3 1" }).waitFor();
  await region(page, "Throughput").getByRole("row", { name: "12 Jan 0 1" }).waitFor();
  assert.ok((await page.locator(".chart canvas").count()) === 2);
  await opened("Another one");
  await page.locator(".numbers dd").getByText("4", { exact: true }).waitFor();
});

test("a deadline that was over before it was due was kept, one that was over later was missed", async () => {
  const late = (await site.call("li", "case.list", { text: "still open" })).items[0].case;
  await site.call("li", "case.fire", { case: late, event: "reject", comment: "Ten days later", shared: true });
  const soon = await opened("Answered at once");
  await site.call("mei", "case.fire", { case: soon, event: "submit" });
  await site.call("li", "case.fire", { case: soon, event: "reject", comment: "At once", shared: true });
  const page = await site.open("li", "/console/reports");
  await region(page, "Deadlines kept").getByRole("button", { name: "Count them" }).click();
  await region(page, "Deadlines kept").getByRole("row", { name: "Screening: kept 1" }).waitFor();
  await region(page, "Deadlines kept").getByRole("row", { name: "Screening: missed 1" }).waitFor();
});

test("what is taken away opens in a spreadsheet, and nothing in it is run", async () => {
  const page = await site.open("li", "/console/reports");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export the cases as CSV" }).click()]);
  const text = readFileSync(await download.path(), "utf8");
  assert.ok(text.startsWith("\ufeffcase,title,"));
  assert.ok(text.includes(`"'=HYPERLINK(""http://evil"")"`), text);
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`it can be read by everybody: ${language}, ${theme}`, async () => {
      const page = await site.open("li", "/console/reports", { language, theme, height: 1500 });
      await page.locator(".chart canvas").first().waitFor();
      assert.deepEqual(await serious(page), []);
      await shot(page, `reports-${language}-${theme}`);
      const phone = await site.open("li", "/console/reports", { language, theme, width: 390, height: 2400 });
      await phone.locator(".chart canvas").first().waitFor();
      assert.deepEqual(await serious(phone), []);
      await shot(phone, `reports-${language}-${theme}-phone`);
      const widths = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(widths[0] <= widths[1], `it is wider than the phone: ${widths}`);
    });
