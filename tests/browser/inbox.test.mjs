// SPDX-License-Identifier: Apache-2.0
// The inbox: what waits is there, an answer needs no other page, what others do appears by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

test("a person sees what is asked, until when, and agrees to exactly that with two keys", async () => {
  const key = await site.change("Export for the auditors");
  const page = await site.open("wang", "/console/");
  await page.getByRole("heading", { name: "Export for the auditors" }).waitFor();
  // 5.5 working days of 7.5 hours from Monday 9:00 on are what the workflow gives: more than a working week is told as its day.
  const { items } = await site.call("wang", "inbox.list");
  const due = new Date(items[0].due).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "Asia/Shanghai" });
  assert.ok(items[0].left_seconds > 40 * 3600);
  assert.equal(await page.locator(".row .chip").first().textContent(), `due ${due}`);
  await page.locator(".agreed").getByText("80,000.00").waitFor();
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Your answer will be “Approve”, to exactly this and nothing else:").waitFor();
  await dialog.getByText("One report, one button").waitFor();
  await dialog.getByText(`Version ${items[0].digest.slice(0, 8)}`).waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "inbox-confirm");
  await page.keyboard.press("Enter");
  await page.getByText(/Recorded as entry/).waitFor();
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "inbox-empty");
  const [round] = (await site.call("li", "case.get", { case: key })).approvals;
  assert.deepEqual(round.ballots.map((ballot) => [ballot.person, ballot.choice]), [["wang", "approve"]]);
});

test("what changed between looking and answering is not agreed to, and the reason is shown", async () => {
  const key = await site.change("A label printer");
  const page = await site.open("chen", "/console/");
  await page.getByRole("button", { name: /A label printer/ }).click();
  await page.getByRole("heading", { name: "A label printer" }).waitFor();
  await page.locator(".acts button").first().waitFor();
  await page.keyboard.press("a");
  await page.getByRole("dialog").waitFor();
  await site.call("li", "case.edit", { case: key, fields: { cost: "90000.00" } });
  await page.getByRole("button", { name: "Confirm: Approve" }).click();
  await page.getByRole("dialog").getByRole("alert").waitFor();
  const [round] = (await site.call("li", "case.get", { case: key })).approvals;
  assert.deepEqual(round.ballots, []);
});

test("an event is fired with the fields that it needs; what is missing keeps it from being sent", async () => {
  const { case: key } = await site.call("tom", "case.open", {
    workflow: "change_request", project: "acme-erp", fields: { summary: "Labels in two sizes", reason: "Small parcels" },
  });
  await site.call("tom", "case.fire", { case: key, event: "submit" });
  await site.call("li", "case.fire", { case: key, event: "accept" });
  const page = await site.open("sun", "/console/");
  await page.getByRole("button", { name: /Labels in two sizes/ }).first().click();
  await page.getByRole("button", { name: "Assess" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Schedule impact (working days)").waitFor();
  await dialog.getByRole("button", { name: "Confirm: Assess" }).click(); // the browser says what is missing
  assert.equal((await site.call("sun", "case.get", { case: key })).fields.days, undefined);
  await dialog.getByLabel("Schedule impact (working days)").fill("3");
  await dialog.getByLabel("Risk").selectOption({ label: "Medium" });
  assert.deepEqual(await serious(page), []);
  await shot(page, "inbox-fields");
  await dialog.getByRole("button", { name: "Confirm: Assess" }).click();
  await page.getByText(/Recorded as entry/).waitFor();
  const { fields } = await site.call("sun", "case.get", { case: key });
  assert.deepEqual([fields.days, fields.risk], [3, "medium"]);
});

test("what somebody else does appears without a reload, and after a lost connection as well", async () => {
  const page = await site.open("li", "/console/");
  await page.getByRole("heading", { name: "Inbox" }).waitFor();
  const open = async (summary) => {
    const { case: key } = await site.call("mei", "case.open", {
      workflow: "change_request", project: "acme-erp", fields: { summary, reason: "Because" },
    });
    await site.call("mei", "case.fire", { case: key, event: "submit" });
  };
  await open("Appears by itself");
  await page.getByRole("button", { name: /Appears by itself/ }).waitFor();
  await page.context().setOffline(true);
  await page.evaluate(() => window.dispatchEvent(new Event("offline")));
  await open("While nobody listened");
  await page.context().setOffline(false);
  await page.getByRole("button", { name: /While nobody listened/ }).waitFor();
  site.forgive(/ERR_INTERNET_DISCONNECTED|WebSocket/);
});

for (const language of ["en", "zh"])
  for (const theme of ["light", "dark"])
    test(`it can be read by everybody: ${language}, ${theme}`, async () => {
      const page = await site.open("li", "/console/", { language, theme });
      await page.locator(".asked .values").first().waitFor();
      assert.deepEqual(await serious(page), []);
      await shot(page, `inbox-${language}-${theme}`);
      const phone = await site.open("li", "/console/", { language, theme, width: 390, height: 780 });
      await phone.locator(".row").first().waitFor();
      await shot(phone, `inbox-${language}-${theme}-phone`);
      await phone.locator(".row").first().click();
      await phone.locator(".asked .values").first().waitFor();
      assert.deepEqual(await serious(phone), []);
      await shot(phone, `inbox-${language}-${theme}-phone-one`);
      const widths = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(widths[0] <= widths[1], `it is wider than the phone: ${widths}`);
    });
