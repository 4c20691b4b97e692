import { expect, test } from "vitest";

import { pathOf } from "./schema";

const text = `apiVersion: score.dev/v1b1
containers:
  web:
    image: nginx
    variables:
      A: b
    files:
      - target: /x
        content: y
service:
  ports:
    http:
      port: 80`.split("\n");

const cases: [string, string[]][] = [
  ["apiVersion: score.dev/v1b1", []],
  ["    image: nginx", ["containers", "web"]],
  ["      A: b", ["containers", "web", "variables"]],
  ["      - target: /x", ["containers", "web", "files", "-"]],
  ["        content: y", ["containers", "web", "files", "-"]],
  ["      port: 80", ["service", "ports", "http"]],
];

test.each(cases)("the keys above %j", (line, path) => {
  expect(pathOf(text, text.indexOf(line))).toEqual(path);
});
