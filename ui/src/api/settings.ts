/** What the server says in the page itself, before anybody is signed in. */
export interface Settings {
  version: string;
  sso: boolean;
  /** Where a workflow is in Temporal's Web UI: `${temporalUrl}/workflows/${workflowId}`; "" where there is none. */
  temporalUrl: string;
}

function readSettings(): Settings {
  const raw = document.querySelector<HTMLMetaElement>('meta[name="slipway-settings"]')?.content;
  const given = JSON.parse(raw || "{}") as { version?: string; sso?: boolean; temporal_url?: string };
  return { version: given.version ?? "dev", sso: given.sso ?? false, temporalUrl: given.temporal_url ?? "" };
}

export const settings = readSettings();
