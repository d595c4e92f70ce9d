// SPDX-License-Identifier: Apache-2.0
// The page of a case: who agreed to what, what may be done and why not, deadlines, files, and what has happened.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

/** What was agreed to before the price went up counts no more. */
async function changed() {
  const key = await site.change("Export for the auditors");
  const [round] = (await site.call("li", "case.get", { case: key })).approvals;
  await site.call("wang", "approval.vote", { case: key, choice: "approve", digest: round.digest, comment: "Fine with me" });
  await site.call("li", "clock.advance", { by: "30 hours" });
  await site.call("li", "case.edit", { case: key, fields: { cost: "95000.00" } });
  const [again] = (await site.call("li", "case.get", { case: key })).approvals;
  await site.call("mei", "approval.vote", { case: key, choice: "approve", digest: again.digest });
  await site.call("li", "case.comment", { case: key, text: "Watch the budget" });
  return key;
}

test("it shows who agreed to what, and what has changed since", async () => {
  const key = await changed();
  const page = await site.open("li", `/console/case/${key}`);
  const approvals = page.getByRole("region", { name: "Who agrees" });
  await approvals.getByText("Changed since: Cost").waitFor();
  const wang = approvals.getByRole("listitem").filter({ hasText: "Wang Lei" }).first();
  assert.match(await wang.textContent(), /Approve.*to an earlier content/);
  assert.match(await approvals.getByRole("listitem").filter({ hasText: "Mei Lin" }).first().textContent(), /Approve$/);
  assert.match(await approvals.getByRole("listitem").filter({ hasText: "Zhao Min" }).first().textContent(), /not answered yet/);
});

test("an event that is not possible says why, and one that is happens by two keys", async () => {
  const { case: key } = await site.call("mei", "case.open", {
    workflow: "change_request", project: "acme-erp", fields: { summary: "A label printer", reason: "Returns" },
  });
  await site.call("mei", "case.fire", { case: key, event: "submit" });
  const page = await site.open("li", `/console/case/${key}`);
  await page.getByText(/events are not possible now/).click();
  const { events } = await site.call("li", "case.allowed", { case: key });
  const refused = events.find((event) => event.event === "archive");
  assert.equal(refused.allowed, false);
  await page.locator(".greyed").getByText(refused.reason, { exact: true }).waitFor();
  await page.getByRole("heading", { name: "A label printer" }).waitFor();
  await page.keyboard.press("a");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText(/Recorded as entry/).waitFor();
  assert.deepEqual((await site.call("li", "case.get", { case: key })).states, ["estimating", "pricing"]);
});

test("two people at once: what one does appears at the other, and old content cannot be overwritten", async () => {
  const key = await site.change("Two at once");
  const [one, two] = [await site.open("li", `/console/case/${key}`), await site.open("admin", `/console/case/${key}`)];
  await one.getByRole("button", { name: "Edit the fields" }).click();
  await one.getByRole("dialog").getByLabel(/Cost/).fill("70000.00");
  await site.call("li", "case.edit", { case: key, fields: { cost: "60000.00" } });
  await two.getByRole("region", { name: "Content" }).getByText("60,000.00").waitFor();
  await one.getByRole("button", { name: "Save" }).click();
  await one.getByRole("dialog").getByRole("alert").waitFor();
  assert.equal((await site.call("li", "case.get", { case: key })).fields.cost, "60000.00");
});

test("a deadline's line says which time counts and which does not", async () => {
  const key = await site.change("Time that counts");
  const page = await site.open("li", `/console/case/${key}`);
  const deadlines = page.getByRole("region", { name: "Deadlines" });
  await deadlines.getByText("Every stretch of it").click();
  const { deadlines: [told] } = await site.call("li", "case.explain", { case: key });
  assert.equal(await deadlines.locator(".line .counted").count(), told.stretches.filter((one) => one.counted).length);
  await deadlines.getByRole("cell", { name: "weekend" }).waitFor();
});

test("files go up and down unchanged, and a comment says who may read it", async () => {
  const key = await site.change("With a file");
  const page = await site.open("li", `/console/case/${key}`);
  const bytes = Buffer.from("one, two\n三\n");
  await page.getByLabel("The client sees it", { exact: false }).or(page.getByLabel("the client sees it")).first().check();
  await page.getByLabel(/Add a file/).setInputFiles({ name: "list 清单.csv", mimeType: "text/csv", buffer: bytes });
  await page.getByText("list 清单.csv has been added.").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download list 清单.csv" }).click()]);
  assert.deepEqual(readFileSync(await download.path()), bytes);
  assert.equal((await site.call("mei", "case.get", { case: key })).files.length, 1);
  await page.getByPlaceholder("Say something").fill("For us alone");
  await page.getByRole("button", { name: "Add the comment" }).click();
  await page.getByText("For us alone").waitFor();
  const seen = JSON.stringify(await site.call("mei", "case.history", { case: key }));
  assert.ok(!seen.includes("For us alone"));
});

test("a decision can be taken away as a certificate, and it said before what it would lead to", async () => {
  const key = await site.change("To be proved");
  const page = await site.open("li", `/console/case/${key}`);
  await page.getByText("What each answer leads to").click();
  await page.getByText("“Approve” leads to Implementing").waitFor();
  await page.getByText(/^Nobody answers: deferred/).waitFor();
  const [round] = (await site.call("li", "case.get", { case: key })).approvals;
  for (const who of ["li", "wang", "chen", "zhao", "mei"])
    await site.call(who, "approval.vote", { case: key, choice: "approve", digest: round.digest });
  await page.getByText("Result: approved").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Certificate of the decision" }).click()]);
  const made = await site.call("li", "certificate.get", { case: key, approval: "deciding", round: 1, format: "html" });
  assert.equal(readFileSync(await download.path(), "utf8"), made.text);
});

test("what somebody wrote stays text", async () => {
  const evil = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>"'&\u202e`;
  const key = await site.change(evil);
  await site.call("li", "case.comment", { case: key, text: evil, shared: true });
  const page = await site.open("li", `/console/case/${key}`);
  await page.getByRole("heading", { level: 1 }).getByText("<img src=x").waitFor();
  await page.locator(".history blockquote").getByText("<script>").waitFor();
  assert.equal(await page.locator("main img, main script").count(), 0);
  assert.ok(!(await page.title()).startsWith("pwned"));
});

test("what was imported is told as what it was there, to the team and to the client", async () => {
  const imported = { source: "jira", key: "ACME-12", at: "2025-03-04T10:15:00+08:00", by: "Jane Doe", state: "working", opener: "mei" };
  const { case: key } = await site.call("li", "case.open", {
    workflow: "issue", project: "acme-erp", fields: { summary: "Export fails" }, imported });
  await site.call("li", "case.comment", { case: key, text: "It is urgent", shared: true, imported: { n: 1, by: "Tom" } });
  for (const [who, place] of [["li", "console"], ["mei", "portal"]]) {
    const page = await site.open(who, `/${place}/case/${key}`);
    await page.getByText("imported from jira; there by Tom").waitFor();
    await page.getByText(/imported from jira ACME-12; there .*2025.*, by Jane Doe/).first().waitFor();
    await page.getByText("It is urgent").first().waitFor();
    assert.equal(await page.getByText("wrote").count(), 0);
    await shot(page, `imported-${place}`);
  }
});

test("a case that is not there is told in the server's words", async () => {
  const page = await site.open("li", "/console/case/CR-999");
  const words = await site.call("li", "case.get", { case: "CR-999" }).catch((error) => error.message);
  await page.getByRole("alert").getByText(words).waitFor();
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`it can be read by everybody: ${language}, ${theme}`, async () => {
      const key = await changed();
      const page = await site.open("li", `/console/case/${key}`, { language, theme, height: 2100 });
      await page.locator(".diagram .active").first().waitFor();
      await page.locator(".changed").waitFor();
      assert.deepEqual(await serious(page), []);
      await shot(page, `case-${language}-${theme}`);
      const phone = await site.open("li", `/console/case/${key}`, { language, theme, width: 390, height: 2600 });
      await phone.locator(".diagram .active").first().waitFor();
      assert.deepEqual(await serious(phone), []);
      await shot(phone, `case-${language}-${theme}-phone`);
      const names = await phone.locator(".round .who").evaluateAll((all) => all.map((one) => one.clientWidth));
      assert.ok(Math.min(...names) > 150, `names have no room: ${names}`);
      const widths = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(widths[0] <= widths[1], `it is wider than the phone: ${widths}`);
    });
