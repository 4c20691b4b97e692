import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { useNavigate } from "react-router";

import { Asked, type May } from "~/lib/may";

export interface MenuItem {
  label: ReactNode;
  icon?: ReactNode;
  /** Where it leads; or `onSelect`. */
  to?: string;
  onSelect?: () => void;
  danger?: boolean;
  disabled?: boolean;
  /** Whether one may: a permission, or what `useMay` says; where not, it cannot be chosen and says which role is lacking. */
  may?: May;
  /** A line above it. */
  separate?: boolean;
}

/** A menu behind a button. `trigger` is the button. */
export function Menu({ trigger, items, align = "end" }: { trigger: ReactElement; items: MenuItem[]; align?: "start" | "end" }) {
  const navigate = useNavigate();
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="menu-positioner">
          <Base.Popup className="menu">
            {items.map((item, i) => (
              <div key={i} role="none">
                {item.separate && <Base.Separator className="menu-line" />}
                <Asked may={item.may}>
                  {(verdict) => (
                    <Base.Item
                      disabled={item.disabled || verdict?.ok === false}
                      className={item.danger ? "menu-item menu-danger" : "menu-item"}
                      onClick={() => (item.to !== undefined ? void navigate(item.to) : item.onSelect?.())}
                    >
                      {item.icon && <span aria-hidden>{item.icon}</span>}
                      {verdict?.why ? (
                        <div>
                          {item.label}
                          <div className="menu-why">{verdict.why}</div>
                        </div>
                      ) : (
                        item.label
                      )}
                    </Base.Item>
                  )}
                </Asked>
              </div>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
