import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";

import { ApiError } from "~/api/error";

import { ConfirmDialog } from "./Dialog";

test("what is destructive names what will be lost, and waits for the name to be typed", async () => {
  const confirm = vi.fn();
  render(<ConfirmDialog open onClose={() => undefined} onConfirm={confirm} title="Delete staging?" action="Delete environment" losses={["3 resources", "its values"]} typeToConfirm="staging" />);
  expect(screen.getByRole("dialog", { name: "Delete staging?" })).toBeTruthy();
  expect(screen.getAllByRole("listitem").map((l) => l.textContent)).toEqual(["3 resources", "its values"]);
  const button = screen.getByRole("button", { name: "Delete environment" });
  await userEvent.click(button);
  await userEvent.type(screen.getByRole("textbox"), "stagin");
  expect((button as HTMLButtonElement).disabled).toBe(true);
  expect(confirm).not.toHaveBeenCalled();
  await userEvent.type(screen.getByRole("textbox"), "g{Enter}");
  expect(confirm).toHaveBeenCalledOnce();
});

test("it shows what the API said", () => {
  render(
    <ConfirmDialog
      open
      onClose={() => undefined}
      onConfirm={() => undefined}
      title="Delete?"
      action="Delete"
      error={new ApiError({ status: 409, code: "ENV-FROZEN", message: "environment is frozen", details: { ends_at: "2026-12-01" } })}
    />,
  );
  const alert = screen.getByRole("alert").textContent;
  expect(alert).toContain("environment is frozen");
  expect(alert).toContain("ENV-FROZEN");
  expect(alert).toContain("2026-12-01");
});

test("Escape closes it", async () => {
  const close = vi.fn();
  render(<ConfirmDialog open onClose={close} onConfirm={() => undefined} title="Delete?" action="Delete" />);
  await userEvent.keyboard("{Escape}");
  expect(close).toHaveBeenCalled();
});
