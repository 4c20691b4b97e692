import { expect, test } from "vitest";

import { opensImage, parseScore, problemsOf, tokensOf } from "./score";

const file = `# a comment
apiVersion: score.dev/v1b1
metadata:
  name: web
containers:
  main:
    image: nginx
    files:
      /etc/app.conf:
        mode: "99"
    args:
      - one
      - two
`;

test.each([
  ["", []],
  ["containers.main", ["containers", "main"]],
  ['containers.main.files["/etc/app.conf"].mode', ["containers", "main", "files", "/etc/app.conf", "mode"]],
  ['a["say \\"x\\""]', ["a", 'say "x"']],
  ["args[1]", ["args", "1"]],
])("the place %j", (path, want) => {
  expect(tokensOf(path)).toEqual(want);
});

test.each([
  ["metadata.name", 4],
  ['containers.main.files["/etc/app.conf"].mode', 10],
  ["containers.main.args[1]", 13],
  ["containers.main.missing", 6],
  ["", 2],
])("%j is in line %d", (path, line) => {
  expect(parseScore(file).lineOf(path)).toBe(line);
});

test("a Score file may have an extension file after it, and no more", () => {
  const parsed = parseScore(`${file}---\napiVersion: humanitec.org/v1b1\nprofile: x\n`);
  expect(parsed.problems).toEqual([]);
  expect(parsed.spec).toMatchObject({ metadata: { name: "web" } });
  expect(parsed.extensions).toEqual({ apiVersion: "humanitec.org/v1b1", profile: "x" });
  expect(parseScore(`${file}---\na: 1\n---\nb: 1\n`).problems).toHaveLength(1);
});

test.each([
  ["broken YAML", "a: [1\nb: 2", 1],
  ["no mapping", "- a", 1],
  ["nothing", "  \n", 0],
])("%s", (_, text, problems) => {
  const parsed = parseScore(text);
  expect(parsed.problems.length > 0 ? 1 : 0).toBe(problems);
  expect(parsed.spec).toBeUndefined();
});

test("problems of the API are put at their lines", () => {
  const { lineOf } = parseScore(file);
  expect(problemsOf({ problems: [{ path: "metadata.name", message: "too short" }, { path: "", message: "all wrong" }, { odd: 1 }] }, lineOf)).toEqual([{ line: 4, message: "metadata.name: too short" }, { line: 1, message: "all wrong" }]);
  expect(problemsOf(undefined, lineOf)).toEqual([]);
});

test.each([
  [{ containers: { a: { image: "." } } }, true],
  [{ containers: { a: { image: "x" }, b: {} } }, true],
  [{ containers: { a: { image: "x" } } }, false],
  [{}, false],
  [undefined, false],
])("whether an image is left open in %j: %s", (spec, want) => {
  expect(opensImage(spec)).toBe(want);
});
