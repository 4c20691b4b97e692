import type { ComponentProps, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";

type Kind = "plain" | "primary" | "danger" | "quiet";

interface Looks {
  /** primary: the one thing to do here; danger: loses something; quiet: without a frame. */
  kind?: Kind;
  small?: boolean;
  icon?: ReactNode;
}

const classes = (kind: Kind, small: boolean | undefined, more?: string) => ["button", `button-${kind}`, small && "button-small", more].filter(Boolean).join(" ");

/** A button. `busy` shows that its action is under way and keeps it from being pressed twice. */
export function Button({ kind = "plain", small, icon, busy, children, className, disabled, ...rest }: Looks & { busy?: boolean } & ComponentProps<"button">) {
  return (
    <button type="button" {...rest} className={classes(kind, small, className)} disabled={disabled || busy} aria-busy={busy || undefined}>
      {busy ? <span className="spinner" aria-hidden /> : icon}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ kind = "plain", small, icon, children, className, ...rest }: Looks & LinkProps) {
  return (
    <Link {...rest} className={classes(kind, small, className)}>
      {icon}
      {children}
    </Link>
  );
}

/** A button that is only an icon; `label` is its name. */
export function IconButton({ label, children, className, ...rest }: { label: string } & ComponentProps<"button">) {
  return (
    <button type="button" title={label} aria-label={label} {...rest} className={["button", "button-quiet", "button-icon", className].filter(Boolean).join(" ")}>
      {children}
    </button>
  );
}
