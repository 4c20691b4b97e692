import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

import { Api } from "./api";
import { seed } from "./seed";
import { binary, mirror, startSlipway } from "./slipway";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
    token: string;
    kubeconfig: string;
    browser: string;
    /** The program, for instances of a test's own. */
    binary: string;
  }
}

/** One Slipway with data in it and one Chromium serve all files. SLIPWAY_URL and SLIPWAY_TOKEN name one that runs already. */
export default async function setup(project: TestProject) {
  const { SLIPWAY_URL: url, SLIPWAY_TOKEN: token } = process.env;
  const program = binary();
  const instance = url && token ? { url, token, kubeconfig: process.env.SLIPWAY_KUBECONFIG ?? "", stop: () => Promise.resolve() } : await startSlipway(program, { SLIPWAY_ROLLOUT_PATIENCE: "45s", SLIPWAY_TERRAFORM_MIRROR: mirror() }); // so that there is always a deployment under way to look at
  const browser = await chromium.launchServer({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage", "--disable-gpu"],
  });
  const stop = async () => {
    await browser.close();
    await instance.stop();
  };
  try {
    await seed(new Api(instance.url, instance.token));
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("url", instance.url);
  project.provide("token", instance.token);
  project.provide("binary", program);
  project.provide("kubeconfig", instance.kubeconfig);
  project.provide("browser", browser.wsEndpoint());
  return stop;
}
