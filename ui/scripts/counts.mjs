// Writes what vitest's JSON reports say as lines like those of `go test -json`: {"Action":"pass","Package":"ui/...","Test":"..."}.
import { existsSync, readFileSync } from "node:fs";
import { basename, relative } from "node:path";

for (const path of process.argv.slice(2)) {
  if (!existsSync(path)) {
    console.log(JSON.stringify({ Action: "fail", Package: `ui/${basename(path)}` })); // it did not get as far as a report
    continue;
  }
  const report = JSON.parse(readFileSync(path, "utf8"));
  for (const file of report.testResults) {
    const name = `ui/${relative(process.cwd(), file.name)}`;
    for (const test of file.assertionResults) {
      const action = { passed: "pass", failed: "fail" }[test.status];
      for (const said of action === "fail" ? test.failureMessages : []) {
        const lines = said.split("\n").filter((line) => !/node_modules|node:internal/.test(line));
        console.log(JSON.stringify({ Action: "output", Package: name, Test: test.fullName, Output: `${lines.slice(0, 7).join("\n")}\n` }));
      }
      if (action) console.log(JSON.stringify({ Action: action, Package: name, Test: test.fullName }));
    }
    if (file.status === "failed") console.log(JSON.stringify({ Action: "fail", Package: name }));
  }
}
