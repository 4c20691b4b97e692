// Makes src/api/schema.d.ts from the OpenAPI document that the server would serve.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const document = execFileSync(process.env.GO ?? "go", ["run", "./server/docgen"], { cwd: root, maxBuffer: 64 << 20, encoding: "utf8" });
const nodes = await openapiTS(JSON.parse(document), { alphabetize: true });
const out = "// Made from the OpenAPI document by `make generate`; do not edit.\n\n" + astToString(nodes);
writeFileSync(new URL("../src/api/schema.d.ts", import.meta.url), out);
