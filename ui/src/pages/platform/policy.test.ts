import { describe, expect, it } from "vitest";

import { apiProblems, firstExample, newPolicy, parseExample, parsePolicy, policyText } from "./policy";

describe("a policy's file", () => {
  it("that is proposed is right", () => {
    expect(parsePolicy(newPolicy).problems).toEqual([]);
    expect(parseExample(firstExample).problems).toEqual([]);
  });
  it("is what it was read from", () => {
    const draft = { id: "no-loss", when: 'a == "x" &&\nb', effect: "approve" as const, approvals: 2, roles: ["owner"], exclude_proposer: true, deadline: "4h", message: "loss" };
    expect(parsePolicy(policyText({ ...draft, deadline: "4h0m0s" })).draft).toEqual(draft);
  });
  it.each([
    ["id: a\nwhen: x\neffect: deny\nmesage: y\n", 4, /^mesage is not known/],
    ["id: a\neffect: deny\n", 1, /^when is missing/],
    ["id: a\nwhen: x\neffect: approve\napprovals: many\n", 4, /^approvals must be a number/],
    ["id: a\nwhen: x\neffect: approve\nroles: owner\n", 4, /^roles must be a list/],
  ])("%j has a problem in line %i", (text, line, message) => {
    expect(parsePolicy(text).problems).toEqual([{ line, message: expect.stringMatching(message) as string }]);
  });
  it("takes a condition that YAML reads as a truth value", () => expect(parsePolicy("id: a\nwhen: true\neffect: deny\n").draft?.when).toBe("true"));
});

it("shows what the API found at its line", () => {
  const found = [
    { policy: "x", field: "when", message: "undefined field", line: 2, column: 3 },
    { policy: "x", field: "approvals", message: "between 1 and 10", line: 0, column: 0 },
  ];
  expect(apiProblems(newPolicy, found)).toEqual([
    { line: 4, message: "undefined field" },
    { line: 6, message: "approvals: between 1 and 10" },
  ]);
});
