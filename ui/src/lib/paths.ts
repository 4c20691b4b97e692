// Where pages are. `to.env("acme", "shop", "development", "graph")` is a path for <Link to> and navigate.
const join = (...parts: string[]) => "/" + parts.filter((p) => p !== "").map((p) => p.split("/").map(encodeURIComponent).join("/")).join("/");

export const to = {
  home: (org: string) => join("o", org),
  apps: (org: string) => join("o", org, "apps"),
  app: (org: string, app: string, rest = "") => join("o", org, "apps", app, rest),
  env: (org: string, app: string, env: string, rest = "") => join("o", org, "apps", app, "envs", env, rest),
  deployment: (org: string, app: string, env: string, deploy: string, rest = "") => join("o", org, "apps", app, "envs", env, "deploys", deploy, rest),
  change: (org: string, app: string, env: string, rest = "") => join("o", org, "apps", app, "envs", env, "change", rest),
  appValues: (org: string, app: string, rest = "") => join("o", org, "apps", app, "values", rest),
  envValues: (org: string, app: string, env: string, rest = "") => join("o", org, "apps", app, "envs", env, "values", rest),
  appAutomation: (org: string, app: string, rest = "") => join("o", org, "apps", app, "automation", rest),
  platform: (org: string, rest = "") => join("o", org, "platform", rest),
  automation: (org: string, rest = "") => join("o", org, "automation", rest),
  settings: (org: string, rest = "") => join("o", org, "settings", rest),
};
