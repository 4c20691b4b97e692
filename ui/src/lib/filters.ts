import { useCallback } from "react";
import { useSearchParams } from "react-router";

/**
 * Filters that are kept in the address of the page, and how to set one; the empty text takes it away. Two that are set one
 * right after the other are both kept: the address is read when one is set, as what the page was drawn with may be older.
 */
export function useFilters(): [URLSearchParams, (key: string, value: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (key: string, value: string) => {
      const now = new URLSearchParams(window.location.search);
      if (value) now.set(key, value);
      else now.delete(key);
      setParams(now, { replace: true });
    },
    [setParams],
  );
  return [params, set];
}
