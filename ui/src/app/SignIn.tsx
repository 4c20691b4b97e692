import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useLocation, useNavigate } from "react-router";

import { client } from "~/api/client";
import { asApiError } from "~/api/error";
import { session } from "~/api/session";
import { settings } from "~/api/settings";
import { Button } from "~/components/Button";
import { ErrorNotice } from "~/components/ErrorNotice";
import { TextField } from "~/components/Field";

import { Logo } from "./Logo";

/** Where to go afterwards: an address of ours, never one that was smuggled in. */
function target(state: unknown): string {
  const from = (state as { from?: unknown } | null)?.from;
  return typeof from === "string" && from.startsWith("/") && !from.startsWith("//") ? from : "/";
}

export function SignIn() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const from = target(useLocation().state);
  const [token, setToken] = useState("");
  useEffect(() => {
    document.title = "Sign in · Slipway";
  }, []);
  const check = useMutation({
    mutationFn: async (given: string) => {
      session.signIn(given);
      try {
        await client.GET("/current-user");
      } catch (error) {
        session.forget();
        throw error;
      }
    },
    onSuccess: () => {
      queries.clear();
      void navigate(from, { replace: true });
    },
  });
  const send = (e: FormEvent) => {
    e.preventDefault();
    if (token.trim()) check.mutate(token.trim());
  };
  const refused = check.error ? asApiError(check.error) : null;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Logo />
        <h1>Sign in</h1>
        {settings.sso && (
          <>
            <a className="button button-primary" href={`/auth/login?return_to=${encodeURIComponent(from)}`}>
              Sign in with single sign-on
            </a>
            <div className="sign-in-or">or</div>
          </>
        )}
        <form onSubmit={send} className="stack">
          <TextField
            label="Token"
            type="password"
            autoComplete="off"
            value={token}
            onChange={(e) => setToken(e.target.value)}
            autoFocus={!settings.sso}
            help={
              settings.sso ? (
                "Kept in this tab until it is closed."
              ) : (
                <>
                  Kept in this tab until it is closed. With <code>slipway dev</code>, open the address it printed, which signs in, or paste what is in the file <code>token</code> of its
                  folder.
                </>
              )
            }
          />
          {refused && <ErrorNotice error={refused} />}
          <Button type="submit" kind={settings.sso ? "plain" : "primary"} busy={check.isPending} disabled={!token.trim()}>
            Sign in
          </Button>
        </form>
      </div>
    </main>
  );
}
