import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";

import { ApiError, errorOf } from "./error";
import type { components, paths } from "./schema";
import { session } from "./session";

/** The types that travel: `Schemas["Deployment"]`. */
export type Schemas = components["schemas"];

const middleware: Middleware = {
  onRequest({ request }) {
    const token = session.token();
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return;
    throw await errorOf(response);
  },
  onError({ error }) {
    if (error instanceof ApiError || (error instanceof DOMException && error.name === "AbortError")) return;
    return new ApiError({ status: 0, code: "UNREACHABLE", message: "Slipway cannot be reached. What you see may be old." });
  },
};

/** Calls operations outside of components: `await client.GET("/orgs/{orgId}", {params: {path: {orgId}}})`. Throws ApiError. */
export const client = createFetchClient<paths>({ baseUrl: window.location.origin });
client.use(middleware);

/**
 * Calls operations in components, typed by the OpenAPI document:
 *
 *   const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } });
 *   const create = api.useMutation("post", "/orgs/{orgId}/apps");
 *   create.mutate({ params: { path: { orgId } }, body: { id, name } });
 *
 * What a query or mutation fails with is an ApiError.
 */
export const api = createQueryClient(client);
