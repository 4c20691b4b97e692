import type { ComponentProps, MouseEvent, ReactElement, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";

import { Asked, type May, type Verdict } from "~/lib/may";

import { Tooltip } from "./Tooltip";

type Kind = "plain" | "primary" | "danger" | "quiet";

interface Looks {
  /** primary: the one thing to do here; danger: loses something; quiet: without a frame. */
  kind?: Kind;
  small?: boolean;
  icon?: ReactNode;
  /** Whether one may: a permission, or what `useMay` says. Where not, it cannot be pressed and says which role is lacking. */
  may?: May;
}

const classes = (kind: Kind, small: boolean | undefined, more?: string) => ["button", `button-${kind}`, small && "button-small", more].filter(Boolean).join(" ");

const stay = (e: MouseEvent) => e.preventDefault();

/** What of a button changes where one may not: it keeps the focus, so that everybody learns why. */
const refusal = (may: Verdict | undefined): ComponentProps<"button"> => {
  if (!may || may.ok) return {};
  return may.why === "" ? { disabled: true } : { "aria-disabled": true, "aria-description": may.why, onClick: stay };
};

const explained = (may: Verdict | undefined, button: ReactElement) => (may && !may.ok && may.why !== "" ? <Tooltip text={may.why}>{button}</Tooltip> : button);

/** A button. `busy` shows that its action is under way and keeps it from being pressed twice. */
export function Button({ kind = "plain", small, icon, busy, may, children, className, disabled, ...rest }: Looks & { busy?: boolean } & ComponentProps<"button">) {
  return (
    <Asked may={may}>
      {(verdict) =>
        explained(
          verdict,
          <button type="button" {...rest} className={classes(kind, small, className)} disabled={disabled || busy} aria-busy={busy || undefined} {...refusal(verdict)}>
            {busy ? <span className="spinner" aria-hidden /> : icon}
            {children}
          </button>,
        )
      }
    </Asked>
  );
}

/** A link that looks like a button, and is one that cannot be pressed where one may not. */
export function ButtonLink({ kind = "plain", small, icon, may, children, className, ...rest }: Looks & LinkProps) {
  return (
    <Asked may={may}>
      {(verdict) =>
        verdict && !verdict.ok ? (
          <Button kind={kind} small={small} icon={icon} may={verdict} className={className}>
            {children}
          </Button>
        ) : (
          <Link {...rest} className={classes(kind, small, className)}>
            {icon}
            {children}
          </Link>
        )
      }
    </Asked>
  );
}

/** A button that is only an icon; `label` is its name. */
export function IconButton({ label, may, children, className, ...rest }: { label: string; may?: May } & ComponentProps<"button">) {
  return (
    <Asked may={may}>
      {(verdict) =>
        explained(
          verdict,
          <button type="button" title={verdict?.why ? undefined : label} aria-label={label} {...rest} className={["button", "button-quiet", "button-icon", className].filter(Boolean).join(" ")} {...refusal(verdict)}>
            {children}
          </button>,
        )
      }
    </Asked>
  );
}
