import type { ReactNode } from "react";

/** Where there is nothing yet: says what would be here, and the next step. */
export function EmptyState({ title, children, actions, icon }: { title: string; children?: ReactNode; actions?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="empty">
      {icon && (
        <div className="empty-icon" aria-hidden>
          {icon}
        </div>
      )}
      <h3>{title}</h3>
      {children && <div className="empty-text">{children}</div>}
      {actions && <div className="row empty-actions">{actions}</div>}
    </div>
  );
}
