import { ExternalLink } from "lucide-react";

import { settings } from "~/api/settings";

/** Leads to a workflow in Temporal's Web UI; nothing where there is none. */
export function TemporalLink({ workflow }: { workflow: string | undefined }) {
  if (!settings.temporalUrl || !workflow) return null;
  return (
    <a className="button button-quiet" href={`${settings.temporalUrl}/workflows/${encodeURIComponent(workflow)}`} target="_blank" rel="noreferrer">
      <ExternalLink size={14} aria-hidden />
      Temporal
    </a>
  );
}
