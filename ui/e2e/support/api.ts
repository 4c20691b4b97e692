import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "~/api/schema";

type Schemas = components["schemas"];

/** The public API, for tests that prepare something or look at what came of it. Everything throws unless it succeeds. */
export class Api {
  readonly client: Client<paths>;
  readonly org = "demo";

  constructor(
    readonly url: string,
    readonly token: string,
  ) {
    this.client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });
    this.client.use({
      async onResponse({ response, request }) {
        if (!response.ok) throw new Error(`${request.method} ${request.url}: ${response.status} ${await response.text()}`);
      },
    });
  }

  /** Makes an application with its environment development; harmless where it exists. */
  async app(id: string, name = id) {
    try {
      await this.client.POST("/orgs/{orgId}/apps", { params: { path: { orgId: this.org } }, body: { id, name } });
    } catch (error) {
      if (!String(error).includes("409")) throw error;
    }
  }

  /** Makes a person who has accepted an invitation, with roles on objects below the organization; gives their id and token. */
  async person(name: string, role: string, roles: { app?: Record<string, string>; deployer?: string[] } = {}): Promise<{ id: string; token: string }> {
    const { org: orgId } = this;
    const email = `${name.toLowerCase().replace(/\W+/g, ".")}-${Math.random().toString(36).slice(2, 7)}@example.com`;
    const { data: invited } = await this.client.POST("/orgs/{orgId}/invitations", { params: { path: { orgId } }, body: { email, role } });
    const { data: joined } = await this.client.POST("/auth/invitations/accept", { body: { token: invited?.[0]?.invite_token ?? "", name } });
    const { user: { id }, token } = joined as Schemas["AcceptedInvitation"];
    for (const [appId, r] of Object.entries(roles.app ?? {})) await this.client.POST("/orgs/{orgId}/apps/{appId}/users", { params: { path: { orgId, appId } }, body: { id, role: r } });
    for (const envTypeId of roles.deployer ?? []) await this.client.POST("/orgs/{orgId}/env-types/{envTypeId}/users", { params: { path: { orgId, envTypeId } }, body: { id, role: "deployer" } });
    return { id, token };
  }

  /** Makes a further environment. */
  async env(appId: string, id: string, name = id, type = "development") {
    try {
      await this.client.POST("/orgs/{orgId}/apps/{appId}/envs", { params: { path: { orgId: this.org, appId } }, body: { id, name, type } });
    } catch (error) {
      if (!String(error).includes("409")) throw error;
    }
  }

  /** Makes an environment type. */
  async envType(id: string, description = "") {
    try {
      await this.client.POST("/orgs/{orgId}/env-types", { params: { path: { orgId: this.org } }, body: { id, description } });
    } catch (error) {
      if (!String(error).includes("409")) throw error;
    }
  }

  /** Sets a value of an application, or of one of its environments. */
  async value(appId: string, key: string, value: string, o: { env?: string; secret?: boolean; description?: string } = {}) {
    const body = { key, value, is_secret: o.secret ?? false, description: o.description ?? "" };
    const { org: orgId } = this;
    if (o.env === undefined) await this.client.POST("/orgs/{orgId}/apps/{appId}/values", { params: { path: { orgId, appId } }, body });
    else await this.client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/values", { params: { path: { orgId, appId, envId: o.env } }, body });
  }

  /** Asks for the deployment of Score files, as `slipway score deploy` does; gives its id at once. */
  async deploy(appId: string, envId: string, scores: object[], comment = ""): Promise<string> {
    const { org: orgId } = this;
    const modules: Record<string, unknown> = {};
    const shared: unknown[] = [];
    for (const score of scores) {
      const { data } = await this.client.POST("/orgs/{orgId}/artefact-versions/convert-score", { params: { path: { orgId } }, body: { spec: score as Record<string, unknown> } });
      const converted = data as unknown as { modules: Record<string, unknown>; shared?: Record<string, unknown> };
      Object.assign(modules, converted.modules);
      for (const [key, value] of Object.entries(converted.shared ?? {})) shared.push({ op: "add", path: `/${key}`, value });
    }
    const { data: delta } = await this.client.POST("/orgs/{orgId}/apps/{appId}/deltas", {
      params: { path: { orgId, appId } },
      body: { metadata: { env_id: envId, name: comment || "from a test" }, modules: { add: modules }, shared } as never,
    });
    const deltaId = typeof delta === "string" ? delta : (delta as unknown as { id: string }).id;
    const { data } = await this.client.POST("/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys", { params: { path: { orgId, appId, envId } }, body: { delta_id: deltaId, comment } });
    return (data as Schemas["Deployment"]).id;
  }

  /** Waits until a deployment is over, and gives it. */
  async over(appId: string, envId: string, deployId: string): Promise<Schemas["Deployment"]> {
    return eventually(`deployment ${deployId} is over`, async () => {
      const { data } = await this.client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}", { params: { path: { orgId: this.org, appId, envId, deployId } } });
      return data && (data.status === "succeeded" || data.status === "failed") ? data : undefined;
    });
  }

  /** deploy, and wait for it to succeed. */
  async deployed(appId: string, envId: string, scores: object[], comment = ""): Promise<string> {
    const id = await this.deploy(appId, envId, scores, comment);
    const done = await this.over(appId, envId, id);
    if (done.status === "succeeded") return id;
    const { data } = await this.client.GET("/orgs/{orgId}/apps/{appId}/envs/{envId}/deploys/{deployId}/errors", { params: { path: { orgId: this.org, appId, envId, deployId: id } } });
    throw new Error(`deployment ${id} of ${appId}/${envId} ended as ${done.outcome}: ${JSON.stringify(data)}`);
  }
}

/** Waits for something, within a minute. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, within = 60_000): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${within / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
