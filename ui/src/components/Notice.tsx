import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const icons = { info: Info, warn: TriangleAlert, ok: CircleCheck };

/** A remark about what is on the page. Errors of the API have ErrorNotice. */
export function Notice({ tone = "info", children, actions }: { tone?: keyof typeof icons; children: ReactNode; actions?: ReactNode }) {
  const Icon = icons[tone];
  return (
    <div className={`notice notice-${tone}`} role="status">
      <Icon size={16} aria-hidden />
      <div className="grow">{children}</div>
      {actions}
    </div>
  );
}
