// SPDX-License-Identifier: Apache-2.0
// A line between browser and server that can be held, cut and lost: a proxy of bytes.
//
//   const line = await Line.to(site);      line.url instead of site.url
//   line.hold("down")                      from now on what the server says stays here; held() once there is something
//   line.cut()                             ends all connections, and passes on what comes over new ones
//   line.forget()                          as cut(), but both ends of the old ones hear nothing of it
//   line.loses = "case.comment"            what HTTP answers to a request with that in it is lost, with its connection
//   line.sockets = false                   knows no WebSocket
import { once } from "node:events";
import { connect, createServer } from "node:net";

export class Line {
  static async to(site) {
    const line = new Line();
    line.target = Number(new URL(site.url).port);
    line.pairs = new Set();
    line.connections = 0;
    line.lost = 0;
    line.holds = null;
    line.loses = null;
    line.sockets = true;
    line.server = createServer((near) => line.join(near));
    line.server.listen(0, "127.0.0.1");
    await once(line.server, "listening");
    line.server.unref(); // a test that fails shall not wait for it
    line.url = `http://127.0.0.1:${line.server.address().port}`;
    return line;
  }

  join(near) {
    const far = connect(this.target, "127.0.0.1");
    const pair = { near, far, isOld: false, loses: false };
    this.connections++;
    this.pairs.add(pair);
    const pass = (from, to, way) => {
      from.on("data", (bytes) => {
        if (pair.isOld) return;
        if (way === "up") {
          if (!this.sockets && bytes.includes("Upgrade: websocket")) return near.destroy();
          pair.loses ||= this.loses !== null && bytes.includes(this.loses);
        } else if (pair.loses) {
          this.lost++;
          return near.destroy();
        }
        if (this.holds === way) this.seen?.();
        else to.write(bytes);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        if (!pair.isOld) to.destroy();
        this.pairs.delete(pair);
      });
    };
    pass(near, far, "up");
    pass(far, near, "down");
  }

  /** way: "up" to the server, "down" from it. What is held is never passed on. */
  hold(way) {
    this.holds = way;
    this.caught = new Promise((done) => (this.seen = done));
  }

  held() {
    return this.caught;
  }

  cut() {
    this.holds = null;
    for (const { near, far } of this.pairs) {
      near.destroy();
      far.destroy();
    }
  }

  forget() {
    this.holds = null;
    for (const pair of this.pairs) pair.isOld = true;
  }

  async close() {
    this.cut();
    this.server.close();
    await once(this.server, "close");
  }
}
