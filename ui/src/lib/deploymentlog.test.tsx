import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { useDeploymentLog } from "./deploymentlog";

// The client takes fetch when it is made, which is when it is imported.
const server = vi.hoisted(() => {
  const stub = { answer: (request: Request): Promise<Response> => Promise.reject(new Error(`nothing is asked here: ${request.url}`)) };
  globalThis.fetch = (request) => stub.answer(request as Request);
  return stub;
});

const path = { orgId: "o", appId: "a", envId: "e", deployId: "d" };

test("a log is read to its end in pages, and a look after the end asks only for what is new", async () => {
  const all = Array.from({ length: 1500 }, (_, i) => ({ seq: i + 1, at: "2026-01-01T00:00:00Z", level: "info", text: `line ${i + 1}` }));
  const asked: string[] = [];
  server.answer = (request) => {
    if (typeof request === "string") return Promise.resolve(Response.json({ error: "NO", message: "no stream here" }, { status: 404 }));
    const { searchParams } = new URL(request.url);
    asked.push(`${searchParams.get("node") ?? ""} after ${searchParams.get("after") ?? ""}`);
    const after = Number(searchParams.get("after"));
    return Promise.resolve(Response.json(all.filter((l) => l.seq > after).slice(0, Number(searchParams.get("limit")))));
  };
  const client = new QueryClient();
  const { result, rerender } = renderHook(({ live }) => useDeploymentLog(path, "postgres.default#db", live), {
    initialProps: { live: true },
    wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  });
  await waitFor(() => expect(result.current.data).toHaveLength(1500));
  expect(asked).toEqual(["postgres.default#db after 0", "postgres.default#db after 1000"]);
  all.push({ seq: 1501, at: "2026-01-01T00:00:01Z", level: "error", text: "its last words" });
  rerender({ live: false }); // what was written last is not missed when it ends
  await waitFor(() => expect(result.current.data).toHaveLength(1501));
  expect(asked.at(-1)).toBe("postgres.default#db after 1500");
});
