import { useId, type ComponentProps, type ReactNode } from "react";

interface Around {
  label: ReactNode;
  /** One line below: what it is for, what is allowed. */
  help?: ReactNode;
  /** What is wrong with it. */
  error?: ReactNode;
  /** Only for those who listen. */
  hideLabel?: boolean;
}

function Wrapped({ id, label, help, error, hideLabel, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? "hidden" : "field-label"}>
        {label}
      </label>
      {children}
      {help && (
        <div id={`${id}-help`} className="field-help">
          {help}
        </div>
      )}
      {error && (
        <div id={`${id}-error`} className="field-error">
          {error}
        </div>
      )}
    </div>
  );
}

function described(id: string, { help, error }: Around) {
  return {
    "aria-describedby": [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ") || undefined,
    "aria-invalid": error ? true : undefined,
  };
}

/** A line of text with its label. */
export function TextField({ label, help, error, hideLabel, className, ...rest }: Around & ComponentProps<"input">) {
  const made = useId();
  const id = rest.id ?? made;
  const around = { label, help, error, hideLabel };
  return (
    <Wrapped id={id} {...around}>
      <input type="text" autoComplete="off" spellCheck={false} {...rest} {...described(id, around)} id={id} className={["input", className].filter(Boolean).join(" ")} />
    </Wrapped>
  );
}

/** Lines of text with their label. */
export function TextArea({ label, help, error, hideLabel, className, ...rest }: Around & ComponentProps<"textarea">) {
  const made = useId();
  const id = rest.id ?? made;
  const around = { label, help, error, hideLabel };
  return (
    <Wrapped id={id} {...around}>
      <textarea rows={4} spellCheck={false} {...rest} {...described(id, around)} id={id} className={["input", "input-area", className].filter(Boolean).join(" ")} />
    </Wrapped>
  );
}

/** One of a few; the children are <option>s. */
export function SelectField({ label, help, error, hideLabel, className, children, ...rest }: Around & ComponentProps<"select">) {
  const made = useId();
  const id = rest.id ?? made;
  const around = { label, help, error, hideLabel };
  return (
    <Wrapped id={id} {...around}>
      <select {...rest} {...described(id, around)} id={id} className={["input", "input-select", className].filter(Boolean).join(" ")}>
        {children}
      </select>
    </Wrapped>
  );
}

/** Yes or no. */
export function Checkbox({ label, help, ...rest }: { label: ReactNode; help?: ReactNode } & ComponentProps<"input">) {
  const made = useId();
  const id = rest.id ?? made;
  return (
    <div className="check">
      <input {...rest} id={id} type="checkbox" aria-describedby={help ? `${id}-help` : undefined} />
      <div>
        <label htmlFor={id}>{label}</label>
        {help && (
          <div id={`${id}-help`} className="field-help">
            {help}
          </div>
        )}
      </div>
    </div>
  );
}
