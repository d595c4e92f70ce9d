// SPDX-License-Identifier: Apache-2.0
// The pages of the workflows, and the administration.
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serious, shot, Site, use } from "./harness.mjs";

let site;
before(async () => {
  // More than any disk has: an alarm that stays.
  site = await Site.start({ prepare: (team) => appendFileSync(join(team, "..", "..", "signoff.ini"), "\n[alarms]\ndisk = 900000G\n") });
});
after(() => site.stop());

test("the navigation leads to every page", async () => {
  const page = await site.open("li", "/console/");
  const nav = page.getByRole("navigation", { name: "Pages" });
  for (const [link, heading] of [["Board", "Change request"], ["Projects", "Projects"], ["Reports", "Reports"], ["Workflows", "Workflows"],
    ["Administration", "Administration"], ["Search", "Search"]]) {
    await nav.getByRole("link", { name: link }).click();
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    assert.equal(await nav.getByRole("link", { name: link }).getAttribute("aria-current"), "page");
  }
});

test("a workflow shows its diagram, its fields and the versions of its cases; a rehearsal says what would happen", async () => {
  await site.change("One that is open");
  const page = await site.open("li", "/console/workflows");
  await page.getByText("Nothing is wrong with them").waitFor();
  await page.getByRole("link", { name: /Change request/ }).click();
  await page.locator(".diagram .node").first().waitFor();
  const { model } = await site.call("li", "workflow.get", { workflow: "change_request" });
  const count = (states) => states.reduce((sum, state) => sum + 1 + count(state.states ?? []), 0);
  assert.equal(await page.locator(".diagram .node").count(), count(model.states));
  await page.getByRole("region", { name: "Versions", exact: true }).getByText("1 open case").waitFor();
  await page.getByRole("region", { name: "Cases of version 1" }).getByRole("link", { name: "One that is open" }).waitFor();
  await page.getByRole("button", { name: "Rehearse" }).click();
  await page.getByRole("status").filter({ hasText: "Nothing happens: no open case is of a version other than 1." }).waitFor();
  assert.deepEqual(await serious(page), []);
});

test("an older version is looked at as it was, with the cases that are of it", async () => {
  const visit = (version, title) => {
    use(join(site.path, "teams", "demo"), "visit", `return workflow "visit" { key = "VI", version = ${version}, client = "project", roles = { "pm" }, open = { by = "pm", takes = { "summary" } },
      title = { en = "Visit", zh = "拜访" }, fields = { summary = text { max = 100, required = true } }, start = "planned",
      state "planned" { title = { en = "${title}", zh = "计划" }, on "go" { by = "pm", to = "done" } }, final "done" }`);
  };
  visit(1, "Only planned");
  await site.call("li", "workflow.reload");
  const { case: key } = await site.call("li", "case.open", { workflow: "visit", project: "acme-erp", fields: { summary: "The first one" } });
  visit(2, "Agreed with them");
  await site.call("li", "workflow.reload");
  const page = await site.open("li", "/console/workflow/visit");
  await page.locator(".diagram").getByText("Agreed with them").waitFor();
  const versions = page.getByRole("region", { name: "Versions", exact: true });
  await versions.getByRole("link", { name: "Version 1" }).click();
  await page.locator(".diagram").getByText("Only planned").waitFor();
  await page.getByText("This is version 1, as it was.").waitFor();
  await page.getByRole("region", { name: "Cases of version 1" }).getByRole("link", { name: "The first one" }).waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "workflow-old");
  await page.getByRole("link", { name: "To the version in force" }).click();
  await page.locator(".diagram").getByText("Agreed with them").waitFor();
  assert.equal((await site.call("li", "case.get", { case: key })).version, 1);
});

test("a lead adds a person, gives a role and a token, and hands over a sign-in link", async () => {
  const page = await site.open("li", "/console/admin/people");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Key/).fill("Not a key!");
  await dialog.getByLabel("Name").fill("<b>Ann</b>");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").waitFor(); // the server's own words
  await dialog.getByLabel(/^Key/).fill("ann");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: "<b>Ann</b>" }).waitFor();
  await page.getByRole("button", { name: "Sign-in link: ann" }).click();
  assert.match(await page.getByRole("dialog", { name: "Shown this once" }).getByRole("textbox").inputValue(), /^http.*enter/);
  assert.deepEqual(await serious(page), []);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Projects and roles" }).click();
  await page.getByRole("button", { name: "Give a role: acme-erp" }).click();
  await dialog.getByLabel("Person", { exact: true }).fill("ann");
  await dialog.getByLabel("Role", { exact: true }).fill("engineer");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Done.").first().waitFor();
  const { members } = await site.call("li", "project.get", { project: "acme-erp" });
  assert.ok(members.some((member) => member.person === "ann" && member.role === "engineer"));
  await page.getByRole("link", { name: "Tokens" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.getByLabel("Person", { exact: true }).fill("ann");
  await dialog.getByLabel("What it is for").fill("her script");
  await dialog.getByRole("button", { name: "Save" }).click();
  assert.match(await page.getByRole("dialog", { name: "Shown this once" }).getByRole("textbox").inputValue(), /^sgn_/);
});

test("who is no lead sets a stand-in, and nothing else", async () => {
  const page = await site.open("wang", "/console/admin");
  await page.getByText("for the team's leads").waitFor();
  assert.deepEqual((await page.locator(".admin nav li").allTextContents()), ["Stand-ins", "Calendars"]);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Stand-in").selectOption("sun");
  await dialog.getByLabel("Until", { exact: true }).fill("2026-02-01T18:00");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: /^Sun Hao/ }).waitFor();
  const { items } = await site.call("wang", "delegation.list");
  assert.equal(items[0].to, "sun");
});

test("what the server is alarmed of, leads read in their language", async () => {
  const page = await site.open("li", "/console/admin");
  await page.getByRole("status", { name: "The server needs looking after" }).getByText(/^The disk of the data has .* left\.$/).waitFor();
  assert.deepEqual(await serious(page), []);
  const chinese = await site.open("li", "/console/admin", { language: "zh" });
  await chinese.getByText(/^数据所在的磁盘只剩/).waitFor();
  const other = await site.open("wang", "/console/admin");
  await other.getByText("for the team's leads").waitFor();
  assert.equal(await other.locator(".alarms").count(), 0);
});

test("who has left is not offered as a stand-in", async () => {
  await site.call("li", "person.update", { person: "zhao", active: false });
  const page = await site.open("li", "/console/admin/delegations");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  for (const label of ["Stand-in", /^For whom/]) {
    const choice = page.getByRole("dialog").getByLabel(label);
    await choice.locator("option[value=sun]").waitFor({ state: "attached" });
    assert.equal(await choice.locator("option[value=zhao]").count(), 0);
  }
  await site.call("li", "person.update", { person: "zhao", active: true });
});

test("a project is begun with a template", async () => {
  const page = await site.open("li", "/console/admin/projects");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Small shop");
  await dialog.getByLabel("Begins with", { exact: false }).selectOption({ label: "Small project" });
  await dialog.getByLabel("Client", { exact: false }).fill("acme");
  assert.deepEqual(await serious(page), []);
  await shot(page, "admin-template");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("rowheader", { name: "acme-1" }).waitFor();
  const made = await site.call("li", "project.get", { project: "acme-1" });
  assert.ok(made.members.some((one) => one.person === "li" && one.role === "sponsor"));
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`it can be read by everybody: ${language}, ${theme}`, async () => {
      for (const path of ["workflow/change_request", "admin/people", "admin/projects", "admin/calendars"]) {
        const name = path.replace("/", "-");
        const page = await site.open("li", `/console/${path}`, { language, theme, height: 1100 });
        await page.locator(".card").first().waitFor();
        if (path.startsWith("workflow")) await page.locator(".diagram .node").first().waitFor();
        assert.deepEqual(await serious(page), []);
        await shot(page, `${name}-${language}-${theme}`);
        const phone = await site.open("li", `/console/${path}`, { language, theme, width: 390, height: 900 });
        await phone.locator(".card").first().waitFor();
        assert.deepEqual(await serious(phone), []);
        await shot(phone, `${name}-${language}-${theme}-phone`);
        const widths = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(widths[0] <= widths[1], `${path} is wider than the phone: ${widths}`);
      }
    });
