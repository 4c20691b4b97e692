import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands between a page and Slipway, and can be cut through like a cable. */
export class Proxy {
  url = "";
  private up = true;
  private server?: Server;
  private readonly open = new Set<Socket>();

  async start(target: string) {
    const { hostname, port } = new URL(target);
    this.server = createServer((near) => {
      if (!this.up) return near.destroy();
      const far = connect(Number(port), hostname);
      for (const [one, other] of [[near, far], [far, near]] as const) {
        this.open.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.open.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
    const address = this.server.address();
    this.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  }

  /** Ends all connections, and lets none through until `mend`. */
  cut() {
    this.up = false;
    for (const socket of this.open) socket.destroy();
  }

  mend() {
    this.up = true;
  }

  stop() {
    this.cut();
    this.server?.close();
  }
}
