// SPDX-License-Identifier: Apache-2.0
// A site with many open cases, and what a page of it costs: requests, bytes, elements, work without a pause.
//
//   await open_many(site, 10_000);
//   const page = await site.open("li", "/console/");   const cost = await Cost.of(page);
//   ...                                                 cost.take()  { requests, methods, bytes, ... } since the last one
import { request } from "node:http";

const BATCH = 100; // of calls in one request
const UNDER_WAY = 4;

/** As Site.call, of many calls at once; throws when one is refused. */
async function batch(site, name, calls) {
  const body = JSON.stringify(calls.map(([method, params], id) => ({ jsonrpc: "2.0", id, method, params })));
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${site.token(name)}` };
  const answers = await new Promise((done, failed) => {
    const asked = request(`${site.url}/rpc`, { method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (more) => (text += more)).on("end", () => done(JSON.parse(text)));
    });
    asked.on("error", failed).end(body);
  });
  for (const answer of [answers].flat()) if (answer.error) throw new Error(answer.error.message);
  return answers.map((answer) => answer.result);
}

async function batches(site, name, calls) {
  const results = [];
  let next = 0;
  const run = async () => {
    while (next < calls.length) {
      const from = next;
      next += BATCH;
      const answers = await batch(site, name, calls.slice(from, from + BATCH));
      answers.forEach((answer, i) => (results[from + i] = answer));
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, run));
  return results;
}

/** Change requests of one project: of ten, three are drafts, five are to be screened, two estimated and priced. */
export async function open_many(site, n) {
  const opens = Array.from({ length: n }, (_, i) => ["case.open", {
    workflow: "change_request", project: "acme-erp", fields: { summary: `Change ${i} of the printing`, reason: "Parcels without a label come back" },
  }]);
  const keys = (await batches(site, "mei", opens)).map((made) => made.case);
  const submitted = keys.filter((_, i) => i % 10 >= 3);
  await batches(site, "mei", submitted.map((key) => ["case.fire", { case: key, event: "submit" }]));
  await batches(site, "li", submitted.filter((_, i) => i % 7 < 2).map((key) => ["case.fire", { case: key, event: "accept" }]));
  return keys;
}

/** Of what goes in one frame, as one: "case.open × 22". */
function methods(text) {
  const calls = [JSON.parse(text)].flat();
  return calls.length === 1 ? calls[0].method : `${calls[0].method} × ${calls.length}`;
}

/** What the browser gets and does for a page: from before it is opened, or from the last take() on. calls: the methods
 * that it asked for; apart: those of them that went on a connection of their own. */
export class Cost {
  /** page: still empty (Site.blank), so that nothing is missed. */
  static async of(page) {
    const cost = new Cost();
    cost.page = page;
    cost.none();
    await page.addInitScript(() => {
      globalThis.long = [];
      new PerformanceObserver((list) => list.getEntries().forEach((one) => globalThis.long.push(one.duration)))
        .observe({ type: "longtask", buffered: true });
    });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Network.enable");
    const posts = new Set();
    cdp.on("Network.requestWillBeSent", ({ requestId, request }) => {
      if (request.method !== "POST" || !request.url.endsWith("/rpc")) return;
      posts.add(requestId);
      cost.calls.push(methods(request.postData));
      cost.apart.push(methods(request.postData));
    });
    cdp.on("Network.loadingFinished", (done) => {
      const bytes = done.encodedDataLength; // with its head, as it went over the wire
      if (posts.has(done.requestId)) cost.callBytes += bytes;
      else [cost.files, cost.fileBytes] = [cost.files + 1, cost.fileBytes + bytes];
    });
    cdp.on("Network.webSocketFrameReceived", ({ response }) => {
      cost.callBytes += Buffer.byteLength(response.payloadData);
      if (response.payloadData.includes('"watch.entry"')) cost.heard();
    });
    cdp.on("Network.webSocketFrameSent", ({ response }) => cost.calls.push(methods(response.payloadData)));
    return cost;
  }

  heard = () => undefined;

  /** Once the page is told of the next entry. */
  entry() {
    return new Promise((done) => (this.heard = done));
  }

  none() {
    Object.assign(this, { files: 0, fileBytes: 0, callBytes: 0, calls: [], apart: [] });
  }

  /** longest, blocked: milliseconds of work without a pause: of the longest piece, and of all above 50 ms beyond those. */
  async take() {
    const of = await this.page.evaluate(() => {
      const long = globalThis.long.splice(0);
      return {
        longest: Math.round(Math.max(0, ...long)),
        blocked: Math.round(long.reduce((sum, one) => sum + one - 50, 0)),
        elements: document.querySelectorAll("*").length,
      };
    });
    const taken = { calls: this.calls, apart: this.apart, files: this.files, fileBytes: this.fileBytes, callBytes: this.callBytes, ...of };
    this.none();
    return taken;
  }
}
