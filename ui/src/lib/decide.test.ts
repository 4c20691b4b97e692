import { expect, test } from "vitest";

import { decisions } from "./decide";

const requirement = { policy: "prod", message: "", approvals: 1, missing: 1, roles: [] as string[], exclude_proposer: true };
const approval = { app_id: "shop", env_type: "production", proposer: "ada", mine: false, decisions: [], requirements: [requirement] };
const ada = { id: "ada", type: "user", roles: { "/orgs/demo": "member", "/orgs/demo/apps/shop": "developer" } };
const approved = { id: "1", decision: "approve" as const, by: "bob", roles: [], at: "2026-01-01T00:00:00Z" };

test.each<[string, Partial<typeof approval> & { decisions?: never }, Partial<typeof ada>, boolean, string, string]>([
  ["whose approval counts", { mine: true }, { id: "bob" }, true, "", ""],
  ["who asked for it may take it back only", {}, {}, true, "You asked for this deployment, and policy prod wants somebody else to approve it.", ""],
  ["who may not deploy decides nothing", {}, { id: "bob" }, false, "Policy prod asks whoever may deploy to it.", "Policy prod asks whoever may deploy to it."],
  ["who lacks the role decides nothing", { requirements: [{ ...requirement, roles: ["owner", "manager"] }] }, { id: "bob" }, true, "Policy prod asks owner or manager.", "Policy prod asks owner or manager."],
  ["a service user decides nothing", {}, { id: "ci", type: "service" }, true, "Approvals are given by people, and this is a service user.", "Approvals are given by people, and this is a service user."],
])("%s", (_, of, who, deploys, approve, reject) => {
  const found = decisions({ ...approval, ...of }, { ...ada, ...who }, deploys, "demo");
  expect([found.approve, found.reject]).toEqual([approve, reject].map((why) => ({ ok: why === "", why })));
});

test("who has approved waits for others, unless that is void", () => {
  const found = decisions({ ...approval, requirements: [{ ...requirement, approvals: 2 }], decisions: [approved] }, { ...ada, id: "bob" }, true, "demo");
  expect(found.approve.why).toBe("You have approved it. It waits for somebody else.");
  expect(decisions({ ...approval, mine: true, decisions: [{ ...approved, void: "the plan is another one" }] }, { ...ada, id: "bob" }, true, "demo").approve.ok).toBe(true);
});
