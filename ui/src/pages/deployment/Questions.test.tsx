import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, Route, Routes } from "react-router";
import { expect, test, vi } from "vitest";

import type { Schemas } from "~/api/client";

import { Questions } from "./Questions";

// The client takes fetch when it is made, which is when it is imported.
const server = vi.hoisted(() => {
  const stub = { answer: (request: Request): Promise<Response> => Promise.reject(new Error(`nothing is asked here: ${request.url}`)) };
  globalThis.fetch = (request) => stub.answer(request as Request);
  return stub;
});

const path = { orgId: "o", appId: "a", envId: "e", deployId: "d" };
const question: Schemas["Question"] = { run_id: "r1", deployment_id: "d", node: "postgres.default#shared.db", address: "aws_db_instance.main", action: "create", why: "The worker died while it was being made.", inputs: { size: "small" } };

// An administrator looks at it.
const looks: Record<string, unknown> = {
  "/current-user": { id: "u", roles: {} },
  "/orgs/o/users/u/perms": { objects: { "/orgs/o": { permissions: ["deployments:create", "environment-type:deploy"] } } },
  "/orgs/o/apps/a/envs/e": { id: "e", type: "development" },
};

function show(answer: Response) {
  const asked: { url: string; body: unknown }[] = [];
  server.answer = async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "GET") return looks[pathname] !== undefined ? json(looks[pathname]) : json({ error: "HTTP-404", message: pathname }, 404);
    asked.push({ url: pathname, body: await request.json() });
    return answer;
  };
  const onLast = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter initialEntries={["/o/o/apps/a/envs/e"]}>
        <Routes>
          <Route path="/o/:org/apps/:app/envs/:env" element={<Questions path={path} questions={[question]} onLast={onLast} />} />
        </Routes>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return { asked, onLast };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

test("what exists is taken over by its id, and after the last answer it can be deployed again", async () => {
  const { asked, onLast } = show(json({ last: true }));
  expect(screen.getByText("The worker died while it was being made.")).toBeTruthy();
  const button: HTMLButtonElement = screen.getByRole("button", { name: "Answer" });
  expect(button.disabled).toBe(true);
  await userEvent.click(screen.getByRole("radio", { name: /^It exists/ }));
  expect(button.disabled).toBe(true); // the id is missing
  await userEvent.type(screen.getByLabelText("Its id at the provider"), " db-1 {Enter}");
  await waitFor(() => expect(onLast).toHaveBeenCalledOnce());
  expect(asked).toEqual([{ url: "/orgs/o/apps/a/envs/e/questions/r1", body: { address: "aws_db_instance.main", answer: "import", id: "db-1" } }]);
});

test("an answer that is refused says what the API said", async () => {
  const { onLast } = show(json({ error: "HTTP-409", message: "the run goes on already", details: {} }, 409));
  await userEvent.click(screen.getByRole("radio", { name: /^It does not exist/ }));
  await userEvent.click(screen.getByRole("button", { name: "Answer" }));
  expect((await screen.findByRole("alert")).textContent).toContain("the run goes on already");
  expect(onLast).not.toHaveBeenCalled();
});
