import { readFileSync } from "node:fs";
import { request } from "node:https";

import { inject } from "vitest";
import { parse } from "yaml";

interface Kubeconfig {
  clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

/** Does in the cluster what Slipway did not: `cluster("DELETE", "/api/v1/namespaces/shop-qa/services/web")`. Undefined where there is no kubeconfig (SLIPWAY_KUBECONFIG, with an instance that runs already). */
export function cluster(method: string, path: string): Promise<void> | undefined {
  const file = inject("kubeconfig");
  if (file === "") return undefined;
  const config = parse(readFileSync(file, "utf8")) as Kubeconfig;
  const [at, as] = [config.clusters[0]?.cluster, config.users[0]?.user];
  if (!at || !as) throw new Error(`${file} has no cluster or user`);
  const bytes = (data: string) => Buffer.from(data, "base64");
  const options = { method, ca: bytes(at["certificate-authority-data"]), cert: bytes(as["client-certificate-data"]), key: bytes(as["client-key-data"]) };
  return new Promise((resolve, reject) => {
    const asked = request(at.server + path, options, (answer) => {
      const text: Buffer[] = [];
      answer.on("data", (part: Buffer) => text.push(part));
      answer.on("end", () => ((answer.statusCode ?? 500) < 300 ? resolve() : reject(new Error(`${method} ${path}: ${answer.statusCode} ${Buffer.concat(text).toString()}`))));
    });
    asked.on("error", reject);
    asked.end();
  });
}
