import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import type { ReactNode } from "react";

import { asApiError } from "~/api/error";

import { IconButton } from "./Button";

const manager = Toast.createToastManager();

/** Says in passing that something was done: `toast.ok("Deployment accepted")`, or that it was not: `toast.error(error)`. */
export const toast = {
  ok: (title: string, description?: ReactNode) => manager.add({ title, description, type: "ok" }),
  error: (error: unknown, title = "That did not work") => {
    const e = asApiError(error);
    return manager.add({ title, description: `${e.message} (${e.code})`, type: "bad", timeout: 12_000, priority: "high" });
  },
};

function List() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((t) => (
    <Toast.Root key={t.id} toast={t} className={`toast toast-${t.type ?? "ok"}`}>
      <div className="grow">
        <Toast.Title className="toast-title" />
        <Toast.Description className="toast-text" />
      </div>
      <Toast.Close render={<IconButton label="Dismiss" />}>
        <X size={14} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}

/** Where toasts are shown; once, around everything. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} timeout={5000} limit={4}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
