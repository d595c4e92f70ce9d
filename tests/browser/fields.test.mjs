// SPDX-License-Identifier: Apache-2.0
// A form asks for fields of every type, lists and records too: in the portal as on the team's side.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site, use } from "./harness.mjs";

const EVERYTHING = `return workflow "everything" {
  key = "EV", version = 1, title = { en = "Everything", zh = "各种字段" },
  client = "project", open = { by = { "client", "pm" }, takes = { "summary", "story", "days", "cost", "by_day", "begins", "kind", "urgent",
    "whom", "proof", "places_", "parts", "where_" } }, roles = { "pm", "client" },
  fields = {
    summary = text   { max = 100, required = true, title = { en = "Summary", zh = "概要" } },
    story   = text   { title = { en = "Story", zh = "经过" } },
    days    = number { min = 0, places = 1, title = { en = "Days", zh = "天数" } },
    cost    = money  { min = 0, title = { en = "Cost", zh = "费用" } },
    by_day  = date   { title = { en = "By when", zh = "期限" } },
    begins  = time   { title = { en = "Begins", zh = "开始时间" } },
    kind    = choice { "big", "small", title = { en = "Kind", zh = "类型" },
      titles = { big = { en = "Big", zh = "大" }, small = { en = "Small", zh = "小" } } },
    urgent  = flag   { title = { en = "Urgent", zh = "紧急" } },
    whom    = person { title = { en = "Whom", zh = "何人" } },
    proof   = file   { title = { en = "Proof", zh = "凭据" } },
    places_ = list   { max = 3, of = text { max = 40 }, title = { en = "Places", zh = "地点" } },
    parts   = list   { max = 5, title = { en = "Parts", zh = "明细" }, of = record { fields = {
      what  = text   { required = true, max = 60, title = { en = "What", zh = "名称" } },
      price = money  { title = { en = "Price", zh = "价格" } },
      size  = choice { "s", "l", title = { en = "Size", zh = "尺寸" }, titles = { s = { en = "Small one", zh = "小号" }, l = { en = "Large one", zh = "大号" } } },
    } } },
    where_  = record { title = { en = "Address", zh = "地址" }, fields = {
      street = text { max = 60, title = { en = "Street", zh = "街道" } }, town = text { max = 60, title = { en = "Town", zh = "城市" } },
    } },
  },
  start = "open",
  state "open" { owner = "pm", edit = { pm = "all" }, on "finish" { by = "pm", to = "done" } },
  final "done",
}
`;

let site;
before(async () => {
  site = await Site.start({ prepare: (folder) => use(folder, "everything", EVERYTHING) });
});
after(() => site.stop());

let key;
test("a client fills in a form with every type of field, on a phone", async () => {
  const page = await site.open("mei", "/portal/new", { width: 390, height: 900 });
  await page.getByRole("button", { name: "Everything" }).click();
  await page.getByLabel("Summary").fill("Two racks");
  await page.getByText("More", { exact: true }).click();
  const fill = (label, text) => page.getByLabel(`${label} (optional)`, { exact: true }).fill(text);
  await fill("Story", "Long\nstory");
  await fill("Days", "2.5");
  await fill("Cost", "1200.50");
  await fill("By when", "2026-02-03");
  await fill("Begins", "2026-02-01T10:30");
  await page.getByLabel("Kind (optional)").selectOption({ label: "Small" });
  await page.getByLabel("Urgent (optional)").selectOption({ label: "Yes" });
  await fill("Whom", "tom");
  await page.getByLabel("Proof (optional)").setInputFiles({ name: "proof.txt", mimeType: "text/plain", buffer: Buffer.from("seen\n") });
  await page.getByText("proof.txt is added.").waitFor();
  for (const [n, place] of [[1, "North dock"], [2, "South dock"]]) {
    await page.getByRole("button", { name: "Add: Places" }).click();
    await page.getByLabel(`Places ${n}`, { exact: true }).last().fill(place);
  }
  await page.getByRole("button", { name: "Take away Places, 1" }).click();
  await page.getByRole("button", { name: "Add: Parts" }).click();
  const row = page.getByRole("group", { name: "Parts 1" });
  await row.getByLabel("What", { exact: true }).fill("Rack");
  await row.getByLabel("Price (optional)").fill("600.25");
  await row.getByLabel("Size (optional)").selectOption({ label: "Large one" });
  await page.getByLabel("Town (optional)").fill("Lyon");
  assert.deepEqual(await serious(page), []);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(widths[0] <= widths[1], `it is wider than the phone: ${widths}`);
  await page.screenshot({ path: `${process.env.SIGNOFF_SHOTS ?? "/tmp"}/fields-portal-phone.png`, fullPage: true });
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("heading", { name: "Two racks" }).waitFor();
  key = new URL(page.url()).pathname.split("/").pop();
  const { fields, files } = await site.call("li", "case.get", { case: key });
  assert.equal(files.length, 1);
  const { proof, begins, ...rest } = fields;
  assert.equal(proof, files[0].id);
  assert.equal(Date.parse(begins), await page.evaluate(() => new Date("2026-02-01T10:30").getTime()));
  assert.deepEqual(rest, {
    summary: "Two racks", story: "Long\nstory", days: "2.5", cost: "1200.50", by_day: "2026-02-03", kind: "small", urgent: true,
    whom: "tom", places_: ["South dock"], parts: [{ what: "Rack", price: "600.25", size: "l" }], where_: { town: "Lyon" },
  });
});

test("the team changes the same fields by the same form", async () => {
  const page = await site.open("li", `/console/case/${key}`);
  await page.getByRole("button", { name: /^Edit the fields/ }).click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByRole("group", { name: "Parts 1" }).getByLabel("What", { exact: true }).inputValue(), "Rack");
  await dialog.getByRole("button", { name: "Add: Parts" }).click();
  await dialog.getByRole("group", { name: "Parts 2" }).getByLabel("What", { exact: true }).fill("Bolt");
  await dialog.getByLabel("Whom (optional)").fill("sun");
  assert.deepEqual(await serious(page), []);
  await shot(page, "fields-edit");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText(/Recorded as entry/).waitFor();
  const { fields } = await site.call("li", "case.get", { case: key });
  assert.deepEqual([fields.parts.map((part) => part.what), fields.whom, fields.days], [["Rack", "Bolt"], "sun", "2.5"]);
});
