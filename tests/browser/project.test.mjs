// SPDX-License-Identifier: Apache-2.0
// Projects, a project, a client's file, and the search.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

/** Two changes with a price that wait, and one that was agreed to: 80,000.00 each. */
async function priced() {
  const keys = [await site.change("Export for the auditors"), await site.change("A label printer")];
  const [round] = (await site.call("li", "case.get", { case: keys[0] })).approvals;
  for (const who of ["li", "wang", "chen", "zhao", "mei"])
    await site.call(who, "approval.vote", { case: keys[0], choice: "approve", digest: round.digest });
  assert.deepEqual((await site.call("li", "case.get", { case: keys[0] })).states, ["implementing"]);
  return keys;
}

const region = (page, name) => page.getByRole("region", { name: new RegExp(`^${name}`) });

test("a project shows its work, its dates, its people, and what changes cost", async () => {
  const [agreed, asked] = await priced();
  const page = await site.open("wang", "/console/projects");
  await page.getByRole("link", { name: /ERP for Acme/ }).click();
  await region(page, "Open work").getByRole("link", { name: "A label printer" }).waitFor();
  assert.equal(await region(page, "Open work").getByRole("link").count(), 2);
  const budget = region(page, "Budget with changes");
  assert.equal(await budget.getByRole("img").getAttribute("aria-label"), "Budget 0.00 CNY, agreed changes 80,000.00 CNY, asked for 80,000.00 CNY");
  await region(page, "People").getByText("Zhao Min (sponsor)").waitFor();
  await region(page, "Ready to be closed").getByText("2 open: Change request").waitFor();
  await region(page, "Next dates").getByText(asked, { exact: false }).waitFor();
  assert.deepEqual(await serious(page), []);
  await site.call("li", "case.edit", { case: asked, fields: { cost: "70000.50" } });
  await budget.getByText("70,000.50").waitFor();
  assert.ok(agreed !== asked);
});

test("a project says how it is and why, and its milestones stand around today", async () => {
  const open = (workflow, fields, who = "li") => site.call(who, "case.open", { workflow, project: "acme-erp", fields });
  await open("milestone", { summary: "Prototype", planned: "2026-01-02" });
  await open("milestone", { summary: "Go-live", planned: "2026-03-31" });
  await open("budget", { summary: "All", total: "1000" });
  const page = await site.open("li", "/console/project/acme-erp");
  await region(page, "Health").getByText("Milestones late: 1, allowed 0").waitFor();
  await region(page, "Health").getByText("to be watched").waitFor();
  await region(page, "Next dates").getByText(/· Li Ting \(project manager\)/).first().waitFor();
  const stones = region(page, "Milestones").getByRole("listitem");
  assert.match((await stones.allTextContents()).join("|"), /Prototype.*late.*\|Today, .*\|.*Go-live.*planned/);
  await region(page, "Budget with changes").getByText("0.00 CNY of 1,000.00 CNY spent: 0.0 %").waitFor();
  await open("complaint", { summary: "Rude" }, "mei");
  await region(page, "Health").getByText("Open complaints: 1, allowed 0").waitFor();
  assert.deepEqual(await serious(page), []);
  const list = await site.open("li", "/console/projects");
  await list.getByRole("link", { name: /ERP for Acme.*to be watched/ }).waitFor();
  assert.deepEqual(await serious(list), []);
});

test("the team's page shows shares, and whose are too much", async () => {
  for (const [project, share] of [["acme-erp", 70], ["demo", 50]])
    await site.call("li", "project.member.add", { project, person: "sun", role: "engineer", share });
  await site.call("sun", "delegation.set", { to: "wang", until: "2026-02-20T09:00:00+08:00" });
  for (const [language, theme, width] of [["en", "light", 1200], ["zh", "dark", 390]]) {
    const page = await site.open("li", "/console/team", { language, theme, width, height: 900 });
    const row = page.getByRole("row", { name: /^Sun Hao/ });
    await row.getByText(language === "en" ? "120%, too much" : "120%，超额").waitFor();
    await row.getByText(/Wang Lei/).waitFor();
    assert.deepEqual(await serious(page), []);
    await shot(page, `team-${language}-${theme}`);
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(widths[0] <= widths[1], `wider than its window: ${widths}`);
    const places = await page.evaluate(() => [".scrollWidth", ".clientWidth"].map((of) => document.querySelector(".head nav")[of.slice(1)]));
    assert.ok(width < 640 || places[0] <= places[1], `the last places are cut off: ${places}`);
  }
  const own = await site.open("wang", "/console/team");
  await own.getByRole("row", { name: /^Wang Lei/ }).waitFor();
  assert.equal(await own.getByRole("row").count(), 2, "a head and oneself");
});

test("a client's file leads to its projects, contacts and cases", async () => {
  const page = await site.open("li", "/console/client/acme");
  await region(page, "Projects").getByRole("link", { name: "ERP for Acme" }).waitFor();
  await region(page, "Contacts").getByText("Mei Lin (client)").waitFor();
  await region(page, "Open now").getByRole("link", { name: "A label printer" }).waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "client");
});

test("a call is noted in the client's file, and what its people were told stands beside it", async () => {
  const fields = { summary: "Weekly", begins: "2026-02-20T10:00:00+08:00" };
  await site.call("li", "case.open", { workflow: "meeting", project: "acme-erp", fields });
  const page = await site.open("li", "/console/client/acme");
  const record = region(page, "Communication");
  await record.getByRole("button", { name: "Note a communication" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What it was about").fill("Prices of stage two");
  await dialog.getByLabel("Channel").selectOption("meeting");
  await dialog.getByLabel("What was promised").fill("The price list");
  await dialog.getByLabel("Promised for").fill("2026-01-30");
  await dialog.getByRole("button", { name: "Save" }).click();
  const line = record.getByRole("listitem").filter({ hasText: "Prices of stage two" });
  await line.getByText("Something left to do").waitFor();
  await line.getByText(/noted by Li Ting/).waitFor();
  await line.getByText("promised: The price list, 2026-01-30").waitFor();
  await record.getByText("In the portal").first().waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "client-record");
  const chinese = await site.open("li", "/console/client/acme", { language: "zh", theme: "dark", width: 390, height: 900 });
  await region(chinese, "沟通记录").getByText("待办").waitFor();
  assert.deepEqual(await serious(chinese), []);
  await shot(chinese, "client-record-zh-phone");
  const widths = await chinese.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(widths[0] <= widths[1], `wider than the phone: ${widths}`);
});

test("the search finds by words and by key, and its address can be passed on", async () => {
  const page = await site.open("wang", "/console/search");
  await page.getByRole("searchbox").fill("auditors");
  await page.getByText("1 case", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Export for the auditors" }).waitFor();
  await page.waitForURL(/text=auditors/);
  assert.deepEqual(await serious(page), []);
  await shot(page, "search");
  const other = await site.open("chen", new URL(page.url()).pathname + new URL(page.url()).search);
  await other.getByText("1 case", { exact: true }).waitFor();
  await other.getByRole("searchbox").fill("no such words <b>");
  await other.getByRole("heading", { name: "Nothing found" }).waitFor();
  await other.getByRole("searchbox").fill("cr-1");
  await other.keyboard.press("Enter");
  await other.waitForURL(/\/console\/case\/CR-1$/);
});

test("a client's file says what its people think, what was promised, and how they would be spoken to", async () => {
  await site.call("mei", "own.update", { channel: "visit" });
  const survey = (await site.call("li", "case.open", { workflow: "survey", project: "acme-erp", fields: { summary: "First stage" } })).case;
  await site.call("mei", "case.fire", { case: survey, event: "answer", data: { csat: 4, nps: 9, ces: 6 } });
  await site.call("tom", "case.fire", { case: survey, event: "answer", data: { csat: 3, nps: 7 } });
  const page = await site.open("li", "/console/client/acme");
  await region(page, "Contacts").getByText("prefers: Visit").waitFor();
  const row = region(page, "Satisfaction").getByRole("row").filter({ hasText: "-Q" });
  await row.first().waitFor(); // what is counted comes behind the rest
  assert.deepEqual((await row.getByRole("cell").allTextContents()).filter(Boolean), ["3.5 (2)", "50.0%", "50.0", "100.0%"]);
  await region(page, "Satisfaction").getByText("Answer by answer (5)").click();
  await region(page, "Satisfaction").getByRole("link", { name: survey }).first().waitFor();
  await region(page, "Participation").getByText("Answer, median", { exact: true }).first().waitFor();
  await region(page, "Open promises").getByRole("link", { name: "The price list" }).waitFor();
  await page.getByRole("button", { name: "Note a communication" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("With (empty").selectOption("mei");
  assert.equal(await dialog.getByLabel("Channel").inputValue(), "visit");
  await dialog.getByLabel("What it was about").fill("The new hall");
  await dialog.getByRole("button", { name: "Save" }).click();
  await region(page, "Communication").getByText("The new hall").waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "client-file");
  for (const [theme, width] of [["dark", 1200], ["light", 390]]) {
    const chinese = await site.open("li", "/console/client/acme", { language: "zh", theme, width, height: 900 });
    await region(chinese, "满意度").getByText("3.5 (2)").waitFor();
    assert.deepEqual(await serious(chinese), []);
    const widths = await chinese.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(widths[0] <= widths[1], `wider than the page: ${widths}`);
    await chinese.screenshot({ path: `${process.env.SIGNOFF_SHOTS ?? "."}/client-file-zh-${theme}.png`, fullPage: true });
  }
});

test("what a project or client is called stays text", async () => {
  const evil = `<img src=x onerror="document.title='pwned'">`;
  await site.call("li", "client.create", { client: "evil", title: { en: evil, zh: evil }, attributes: { note: evil } });
  await site.call("li", "project.create", { project: "evil", client: "evil", title: { en: evil, zh: evil } });
  for (const path of ["projects", "project/evil", "client/evil"]) {
    const page = await site.open("li", `/console/${path}`);
    await page.getByText("<img src=x").first().waitFor();
    assert.equal(await page.locator("main img").count(), 0);
  }
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`it can be read by everybody: ${language}, ${theme}`, async () => {
      const page = await site.open("li", "/console/project/acme-erp", { language, theme });
      await page.locator(".bar").first().waitFor();
      assert.deepEqual(await serious(page), []);
      await shot(page, `project-${language}-${theme}`);
      for (const path of ["project/acme-erp", "projects", "client/acme", "search"]) {
        const phone = await site.open("li", `/console/${path}`, { language, theme, width: 390, height: 1400 });
        await phone.locator(".case-line, .tiles li").first().waitFor();
        assert.deepEqual(await serious(phone), []);
        await shot(phone, `${path.split("/")[0]}-${language}-${theme}-phone`);
        const widths = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(widths[0] <= widths[1], `${path} is wider than the phone: ${widths}`);
      }
    });
