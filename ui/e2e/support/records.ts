import { createServer, type Server } from "node:http";

/** The far end of the Terraform provider in dev/testprovider: records over HTTP. Names in `refuse` cannot be made. */
export class Records {
  readonly refuse = new Set<string>();
  readonly made = new Map<string, { id: string; name: string; value: string }>();
  url = "";
  private server?: Server;
  private next = 0;

  async start() {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        const id = decodeURIComponent((request.url ?? "").split("/")[2] ?? "");
        const known = this.made.get(id);
        const answer = (status: number, body?: object) => response.writeHead(status, { "Content-Type": "application/json" }).end(body && JSON.stringify(body));
        if (request.method === "POST") {
          const { name, value } = JSON.parse(text) as { name: string; value: string };
          if (this.refuse.has(name)) return answer(500, { error: `no room for ${name}` });
          const record = { id: `rec-${++this.next}`, name, value };
          this.made.set(record.id, record);
          return answer(200, record);
        }
        if (!known) return answer(404);
        if (request.method === "PUT") known.value = (JSON.parse(text) as { value: string }).value;
        if (request.method === "DELETE") this.made.delete(id);
        return answer(200, known);
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
    const address = this.server.address();
    this.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  }

  stop() {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}
