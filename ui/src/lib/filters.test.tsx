import { act, render, screen } from "@testing-library/react";
import { createBrowserRouter, RouterProvider } from "react-router";
import { expect, test } from "vitest";

import { useFilters } from "./filters";

test("filters that are set one right after the other, by what was drawn before, are both kept", async () => {
  window.history.replaceState(null, "", "/?status=active");
  let drawn: ((key: string, value: string) => void) | undefined;
  function Page() {
    const [params, set] = useFilters();
    drawn ??= set; // that of the first drawing only
    return <p>{params.toString()}</p>;
  }
  render(<RouterProvider router={createBrowserRouter([{ path: "*", element: <Page /> }])} />);
  for (const [key, value] of [["app", "shop"], ["type", "postgres"], ["status", ""]] as const) {
    await act(async () => {
      drawn?.(key, value);
      await Promise.resolve();
    });
  }
  expect(window.location.search).toBe("?app=shop&type=postgres");
  await screen.findByText("app=shop&type=postgres");
});
