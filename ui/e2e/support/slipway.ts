import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** A `slipway dev` of its own, with the real control plane. */
export interface Instance {
  url: string;
  token: string;
  /** Of the administrator of its cluster. */
  kubeconfig: string;
  stop: () => Promise<void>;
}

const taken = new Set<number>();

/** A port below those that the kernel hands out by itself, so that no outgoing connection takes it before its server does. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 8_000);
    if (taken.has(port)) continue;
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.on("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    taken.add(port);
    if (free) return port;
  }
}

/** The binary under test: SLIPWAY_BIN, or one that is built now, with the Web UI that `npm run build` made. */
export function binary(): string {
  if (process.env.SLIPWAY_BIN) return process.env.SLIPWAY_BIN;
  if (!existsSync(join(root, "ui/dist/index.html"))) throw new Error("the Web UI is not built: npm run build");
  const path = join(root, "bin/e2e/slipway-ui");
  execFileSync(process.env.GO ?? "go", ["build", "-o", path, "./cmd/slipway"], { cwd: root, stdio: "inherit" });
  return path;
}

/** A mirror of Terraform providers with the one for tests in it: see dev/testprovider. */
export function mirror(): string {
  const folder = join(root, "bin/e2e/mirror");
  const machine = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  const program = join(folder, "slipway.test/dev/slipwaytest/1.0.0", machine, "terraform-provider-slipwaytest_v1.0.0");
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  execFileSync(process.env.GO ?? "go", ["build", "-o", program, "."], { cwd: join(root, "dev/testprovider"), stdio: "inherit", env });
  return folder;
}

/** Starts `slipway dev` of a binary on a clean home; `env` are further settings. */
export async function startSlipway(program: string, env: Record<string, string> = {}): Promise<Instance> {
  const home = mkdtempSync(join(tmpdir(), "slipway-ui-"));
  const [port, temporal, temporalUI, cluster] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const url = `http://127.0.0.1:${port}`;
  const log = openSync(join(home, "output.log"), "a");
  const child = spawn(program, ["dev"], {
    cwd: root,
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      SLIPWAY_HOME: home, SLIPWAY_ADDR: `127.0.0.1:${port}`, SLIPWAY_SOURCE: root, SLIPWAY_OFFLINE: "true",
      SLIPWAY_TEMPORAL_PORT: String(temporal), SLIPWAY_TEMPORAL_UI_PORT: String(temporalUI),
      SLIPWAY_CLUSTER: "dev", SLIPWAY_CLUSTER_PORT: String(cluster),
      SLIPWAY_REQUEST_RATE: "0", SLIPWAY_RECONCILE_EVERY: "1s", SLIPWAY_AUTOMATION_WINDOW: "1s", TEMPORAL_ADDRESS: "", DATABASE_URL: "", ...env,
    },
  });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
    await ended;
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  };
  await ready(url, child, home).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, token: readFileSync(join(home, "token"), "utf8").trim(), kubeconfig: join(home, "kubernetes/kubeconfig"), stop };
}

async function ready(url: string, child: ChildProcess, home: string) {
  const end = Date.now() + 180_000;
  while (Date.now() < end) {
    if (child.exitCode !== null) break;
    const ok = await fetch(`${url}/readyz`).then(
      (r) => r.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`slipway dev is not ready:\n${readFileSync(join(home, "output.log"), "utf8")}`);
}
