/** What the audit log is narrowed to; it is in the page's address, so that a view can be sent to somebody. */
export interface AuditFilter {
  user_id?: string;
  action?: string;
  object_type?: string;
  object?: string;
  from?: string;
  to?: string;
}

const keys = ["user_id", "action", "object_type", "object", "from", "to"] as const;

/** The filter in an address. Times are local there ("2026-03-01T08:00"), and in UTC for the API. */
export function auditFilter(params: URLSearchParams): AuditFilter {
  const filter: AuditFilter = {};
  for (const key of keys) {
    const given = params.get(key)?.trim();
    if (!given) continue;
    if (key !== "from" && key !== "to") filter[key] = given;
    else {
      const at = new Date(given);
      if (!Number.isNaN(at.getTime())) filter[key] = at.toISOString();
    }
  }
  return filter;
}

export { nextPage } from "~/lib/nextpage";
