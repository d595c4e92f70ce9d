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

const pick = (page, label, value) => page.locator(".filters label").filter({ hasText: new RegExp(`^${label}`) }).locator("select").selectOption(value);
const region = (page, name) => page.getByRole("region", { name, exact: true });
const number = (page, section, name) => region(page, section).locator(".numbers div").filter({ has: page.getByText(name, { exact: true }) }).locator("dd").first();

test("what is shown is what the server counts: opened, ended, how long, waiting for whom, overdue", async () => {
  await lived();
  const page = await site.open("li", "/console/reports");
  await number(page, "Throughput", "Opened").getByText("3").waitFor();
  assert.equal(await number(page, "Throughput", "Ended").textContent(), "2");
  assert.equal(await number(page, "Throughput", "Open").textContent(), "1");
  assert.equal(await number(page, "Throughput", "Overdue").textContent(), "1");
  // Two days are 48 hours by the clock on the wall; the median of two is the shorter one.
  assert.equal(await number(page, "Cycle time", "Elapsed, median").textContent(), "48 h");
  await region(page, "How cases ended").getByRole("row", { name: /Withdrawn 2 100%/ }).waitFor();
  await region(page, "By deadline").first().getByRole("row", { name: /Screening 1 0 1/ }).waitFor();
  await region(page, "Over time").first().getByText("The numbers as a table").click();
  // Monday 5 January 2026 is when the site's clock begins: three opened, one ended; the second ended in the week after.
  await region(page, "Over time").first().getByRole("row", { name: "2026-01-05 3 1 2" }).waitFor();
  await region(page, "Over time").first().getByRole("row", { name: "2026-01-12 0 1 1" }).waitFor();
  assert.ok((await page.locator(".chart canvas").count()) >= 2);
  await page.getByText("What the figures mean").click();
  await page.getByText("Cases that were opened in the period.").waitFor();
  await opened("Another one");
  await number(page, "Throughput", "Opened").getByText("4").waitFor();
});

test("another report, of something else and of another time, is asked for by what is chosen", async () => {
  const page = await site.open("li", "/console/reports");
  await pick(page, "Report", "deadlines");
  await region(page, "Escalations").waitFor();
  await pick(page, "Workflow", "issue");
  await page.getByText("Nothing to report yet").waitFor();
  await pick(page, "Workflow", "change_request");
  await pick(page, "Time", "own");
  await page.getByRole("textbox", { name: "From" }).fill("2026-01-05");
  await page.getByRole("textbox", { name: "To (last day)" }).fill("2026-01-05");
  await page.getByText("5 January 2026 to 5 January 2026, 3 cases").waitFor();
  await pick(page, "Report", "project_end");
  await page.getByText("This report is about one project").waitFor();
  await pick(page, "Project", "acme-erp");
  await region(page, "How it went").getByText('=HYPERLINK("http://evil")').waitFor();
});

test("what is taken away opens in a spreadsheet, and nothing in it is run", async () => {
  const page = await site.open("li", "/console/reports");
  await pick(page, "Report", "project_end");
  await pick(page, "Project", "acme-erp");
  await region(page, "How it went").waitFor();
  const taken = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return readFileSync(await download.path(), "utf8");
  };
  const text = await taken("Download as CSV");
  assert.ok(text.startsWith("\ufeffSection,Table,Row"));
  assert.ok(text.includes(`"'=HYPERLINK(""http://evil"")"`), text);
  const html = await taken("Download as a page to print");
  assert.ok(html.includes("Project end report") && html.includes("=HYPERLINK(&quot;http://evil&quot;)") && !html.includes("<script"), html);
  assert.equal(JSON.parse(await taken("Download as JSON")).report, "project_end");
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`it can be read by everybody: ${language}, ${theme}`, async () => {
      const page = await site.open("li", "/console/reports", { language, theme, height: 1500 });
      await page.locator(".chart canvas").first().waitFor();
      assert.deepEqual(await serious(page), []);
      await shot(page, `reports-${language}-${theme}`);
      if ((language === "en") !== (theme === "light")) return; // a phone sees each language and each theme once
      const phone = await site.open("li", "/console/reports", { language, theme, width: 390, height: 2400 });
      await phone.locator(".chart canvas").first().waitFor();
      assert.deepEqual(await serious(phone), []);
      await shot(phone, `reports-${language}-${theme}-phone`);
      const widths = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(widths[0] <= widths[1], `it is wider than the phone: ${widths}`);
    });

test("numbers stay when they cannot be counted again, and it is said why", async () => {
  const page = await site.open("li", "/console/reports");
  await number(page, "Throughput", "Opened").waitFor();
  await page.route("**/rpc", (route) => route.fulfill({ status: 503, contentType: "text/plain", body: "" }));
  await opened("One more");
  await page.getByText("These are the figures of before", { exact: false }).waitFor();
  assert.equal(await number(page, "Throughput", "Opened").count(), 1);
  await page.unroute("**/rpc");
  await opened("And another");
  await page.getByText("These are the figures of before", { exact: false }).waitFor({ state: "detached" });
  await page.context().close();
  site.forgive(/503/);
});
