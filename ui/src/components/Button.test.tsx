import { Tooltip } from "@base-ui/react/tooltip";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { expect, test, vi } from "vitest";

import { Button, ButtonLink, IconButton } from "./Button";
import { FormDialog } from "./Dialog";

const refused = { ok: false, why: "Needs the role developer on application shop." };

function around(children: React.ReactNode) {
  return render(
    <MemoryRouter>
      <Tooltip.Provider>{children}</Tooltip.Provider>
    </MemoryRouter>,
  );
}

test("a button that one may not press stays in the order of focus, says why, and does nothing", async () => {
  const pressed = vi.fn();
  around(
    <>
      <Button may={refused} onClick={pressed}>
        Deploy
      </Button>
      <IconButton label="Delete" may={refused} onClick={pressed}>
        x
      </IconButton>
      <ButtonLink to="/change" may={refused}>
        Change
      </ButtonLink>
    </>,
  );
  for (const name of ["Deploy", "Delete", "Change"]) {
    const button = screen.getByRole("button", { name });
    expect(button.getAttribute("aria-disabled")).toBe("true");
    expect(button.getAttribute("aria-description")).toBe(refused.why);
    await userEvent.click(button);
    await userEvent.tab();
    await userEvent.keyboard("{Enter}");
  }
  expect(pressed).not.toHaveBeenCalled();
  expect(screen.queryByRole("link")).toBeNull();
});

test("while it is not known whether one may, a button cannot be pressed and says nothing", () => {
  around(<Button may={{ ok: false, why: "" }}>Deploy</Button>);
  const button = screen.getByRole("button", { name: "Deploy" });
  expect((button as HTMLButtonElement).disabled).toBe(true);
  expect(button.getAttribute("aria-description")).toBeNull();
});

test("a button that one may press is like any other", async () => {
  const pressed = vi.fn();
  around(
    <Button may={{ ok: true, why: "" }} onClick={pressed}>
      Deploy
    </Button>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Deploy" }));
  expect(pressed).toHaveBeenCalledOnce();
});

test("a form that one may not send says why and is not sent, by Enter neither", async () => {
  const sent = vi.fn();
  around(
    <FormDialog open onClose={() => {}} title="New" submit="Create" onSubmit={sent} may={refused}>
      <input aria-label="Name" />
    </FormDialog>,
  );
  expect(screen.getByText(refused.why)).toBeTruthy();
  await userEvent.type(screen.getByLabelText("Name"), "x{Enter}");
  await userEvent.click(screen.getByRole("button", { name: "Create" }));
  expect(sent).not.toHaveBeenCalled();
});
