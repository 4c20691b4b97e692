import { describe, expect, test } from "vitest";

import { auditFilter, nextPage } from "./auditfilter";

describe("auditFilter", () => {
  test("takes what is given and knows nothing else", () => {
    expect(auditFilter(new URLSearchParams({ user_id: "u1", action: " delete ", object: "", other: "x" }))).toEqual({ user_id: "u1", action: "delete" });
  });
  test("sends times in UTC, and leaves out what is none", () => {
    const local = "2026-03-01T08:00";
    expect(auditFilter(new URLSearchParams({ from: local, to: "soon" }))).toEqual({ from: new Date(local).toISOString() });
  });
});

describe("nextPage", () => {
  test.each([
    { name: "none without a header", link: null, want: undefined },
    { name: "the page of rel next", link: '</orgs/acme/audit-logs?action=create&page=QUJD>; rel="next"', want: "QUJD" },
    { name: "none of another relation", link: '</orgs/acme/audit-logs?page=QUJD>; rel="prev"', want: undefined },
    { name: "next among others", link: '</a?page=1>; rel="prev", </a?page=2>; rel="next"', want: "2" },
  ])("$name", ({ link, want }) => expect(nextPage(link)).toBe(want));
});
