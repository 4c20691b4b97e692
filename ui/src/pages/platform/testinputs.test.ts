import { describe, expect, it } from "vitest";

import type { DefinitionBody } from "./manifest";
import { inputsAsYaml, inputsFromYaml, noInputs, problemLine, secretNames, valueAt, withValue } from "./testinputs";

describe("inputs of a test", () => {
  it("are the same by form and as YAML", () => {
    const of = { ...noInputs, context: { app_id: "shop" }, placeholders: { "resources.dns.outputs.host": "a.b" }, secrets: { password: "x" }, cookie: { name: "db" }, default: "test" };
    expect(inputsFromYaml(inputsAsYaml(of)).inputs).toEqual(of);
  });
  it("take the inputs file of the command line", () => {
    expect(inputsFromYaml("secretRefs: {password: x}\nresource:\n").inputs).toEqual({ ...noInputs, secrets: { password: "x" } });
  });
  it("refuse what nobody reads", () => {
    expect(inputsFromYaml("placeholder: {}").problems[0]?.message).toMatch(/^placeholder is not known/);
    expect(inputsFromYaml("resource: [1]").problems[0]?.message).toBe("resource must be an object.");
    expect(inputsFromYaml("default: 1").problems[0]?.message).toBe("default must be a text.");
  });
});

it("finds the secrets of a definition", () => {
  const body = { driver_inputs: { secret_refs: { password: { store: "vault", ref: "db" }, variables: { token: { value: "x" } } } } } as unknown as DefinitionBody;
  expect(secretNames(body)).toEqual(["password", "variables.token"]);
});

it("sets and takes away values in a tree", () => {
  const one = withValue({}, ["variables", "token"], "x");
  expect(one).toEqual({ variables: { token: "x" } });
  expect(valueAt(one, ["variables", "token"])).toBe("x");
  expect(withValue(one, ["variables", "token"], "")).toEqual({});
});

describe("the line of a problem", () => {
  const file = 'kind: Definition\nentity:\n  driver_inputs:\n    values:\n      host: "${a}"\n      templates:\n        init: |\n          a: 1\n          b: 2\n        outputs: "x: {{ y }}"\n';
  it.each([
    ["/driver_inputs/values/host", 0, 5],
    ["/driver_inputs/values/templates/init", 2, 9],
    ["/driver_inputs/values/templates/init", 0, 7],
    ["/driver_inputs/values/templates/outputs", 1, 10],
    ["/driver_inputs/values/gone", 0, 4],
    ["", 0, 2],
  ])("%s line %i is %i", (path, line, want) => {
    expect(problemLine(file, path, line)).toBe(want);
  });
});
