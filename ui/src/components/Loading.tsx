import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { ErrorNotice } from "./ErrorNotice";

/** Grey lines where content will be. */
export function Loading({ lines = 3, label = "Loading" }: { lines?: number; label?: string }) {
  return (
    <div className="loading" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className="loading-line" />
      ))}
    </div>
  );
}

interface LoadedProps<T> {
  query: Pick<UseQueryResult<T, unknown>, "data" | "error" | "isPending" | "refetch">;
  lines?: number;
  children: (data: NonNullable<T>) => ReactNode;
}

/** Shows what a query found; grey lines until then; what the API said where it failed. Data that was there stays while it is fetched anew. */
export function Loaded<T>({ query, lines, children }: LoadedProps<T>) {
  if (query.data != null) return <>{children(query.data)}</>;
  if (query.error != null) return <ErrorNotice error={query.error} retry={() => void query.refetch()} />;
  return <Loading lines={lines} />;
}
