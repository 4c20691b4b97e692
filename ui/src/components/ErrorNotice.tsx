import { CircleAlert, RotateCw } from "lucide-react";

import { asApiError } from "~/api/error";

import { Button } from "./Button";

/** Says what the API said: message, code, details, and the id under which the server's log has it. */
export function ErrorNotice({ error, retry, title }: { error: unknown; retry?: () => void; title?: string }) {
  const e = asApiError(error);
  const lines = Object.entries(e.details ?? {});
  return (
    <div className="notice notice-bad" role="alert">
      <CircleAlert size={16} aria-hidden />
      <div className="grow stack-tight">
        <div>
          {title && <strong>{title}. </strong>}
          <span className="notice-message">{e.message}</span>
        </div>
        {lines.length > 0 && (
          <dl className="notice-details">
            {lines.map(([key, value]) => (
              <div key={key}>
                <dt>{key}</dt>
                <dd className="mono">{typeof value === "string" ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        )}
        <div className="notice-code">
          <code>{e.code}</code>
          {e.requestId && e.status >= 500 && (
            <>
              {" "}
              · request <code>{e.requestId}</code>
            </>
          )}
        </div>
      </div>
      {retry && (
        <Button small onClick={retry} icon={<RotateCw size={14} aria-hidden />}>
          Try again
        </Button>
      )}
    </div>
  );
}
