import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import type { Schemas } from "~/api/client";
import { isOver } from "~/lib/status";

/** Looks at the resources of a deployment once more when it is over: what they became last is not in the look before. */
export function useLastLook(deployment: Schemas["Deployment"]) {
  const queries = useQueryClient();
  const over = isOver(deployment);
  const { id } = deployment;
  useEffect(() => {
    if (!over) return;
    void queries.invalidateQueries({
      predicate: ({ queryKey: [, path, init] }) => String(path).endsWith("/deploys/{deployId}/nodes") && (init as { params?: { path?: { deployId?: string } } } | undefined)?.params?.path?.deployId === id,
    });
  }, [queries, over, id]);
}
