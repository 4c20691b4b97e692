import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { expect, test } from "vitest";

import { DataTable } from "./DataTable";

interface Row {
  id: string;
  size: number;
}

const show = (rows: Row[], empty?: string) =>
  render(
    <MemoryRouter>
      <DataTable
        label="things"
        rows={rows}
        rowKey={(r) => r.id}
        rowLink={(r) => `/things/${r.id}`}
        text={(r) => r.id}
        empty={empty}
        columns={[
          { key: "id", title: "Id", cell: (r) => r.id, sort: (r) => r.id },
          { key: "size", title: "Size", cell: (r) => r.size, sort: (r) => r.size },
        ]}
      />
    </MemoryRouter>,
  );

const ids = () => screen.getAllByRole("link").map((l) => l.textContent);

test("a table of 10,000 rows has few of them in the page", () => {
  show(Array.from({ length: 10_000 }, (_, i) => ({ id: `row-${i}`, size: i })));
  expect(screen.getByRole("status").textContent).toBe("10,000");
  expect(screen.getByRole("table").getAttribute("aria-rowcount")).toBe("10001");
  expect(ids().length).toBeGreaterThan(10);
  expect(ids().length).toBeLessThan(100);
});

test("a click on a column sorts by it, a second one the other way round", async () => {
  show([{ id: "b", size: 10 }, { id: "a", size: 9 }, { id: "c", size: 100 }]);
  expect(ids()).toEqual(["b", "a", "c"]);
  await userEvent.click(screen.getByRole("button", { name: "Size" }));
  expect(ids()).toEqual(["a", "b", "c"]);
  expect(screen.getByRole("columnheader", { name: "Size" }).getAttribute("aria-sort")).toBe("ascending");
  await userEvent.click(screen.getByRole("button", { name: "Size" }));
  expect(ids()).toEqual(["c", "b", "a"]);
});

test("the search finds all words, and says how many rows it left", async () => {
  show([{ id: "shop staging", size: 1 }, { id: "shop production", size: 2 }, { id: "blog staging", size: 3 }]);
  await userEvent.type(screen.getByRole("searchbox"), "STAG shop");
  expect(ids()).toEqual(["shop staging"]);
  expect(screen.getByRole("status").textContent).toBe("1 of 3");
  await userEvent.type(screen.getByRole("searchbox"), "x");
  expect(screen.getByText("Nothing matches.")).toBeTruthy();
});

test("without rows it says what comes next", () => {
  show([], "Make the first one");
  expect(screen.getByText("Make the first one")).toBeTruthy();
  expect(screen.queryByRole("table")).toBeNull();
});

test("a row leads where its link does", () => {
  show([{ id: "a", size: 1 }]);
  const row = screen.getAllByRole("row")[1];
  expect(row && within(row).getByRole("link").getAttribute("href")).toBe("/things/a");
});
