import { useEffect, type ReactNode } from "react";
import { Link, NavLink, useParams } from "react-router";

import { api } from "~/api/client";
import { to } from "~/lib/paths";

export interface Crumb {
  label: string;
  to?: string;
}

interface PageProps {
  title: ReactNode;
  /** For the window's title where `title` is no text. */
  name?: string;
  crumbs?: Crumb[];
  /** Beside the title: badges. */
  badges?: ReactNode;
  /** Below the title: a line of facts. */
  facts?: ReactNode;
  actions?: ReactNode;
  /** Links to the parts of the page; `end` for the one whose address the others begin with. */
  tabs?: { label: ReactNode; to: string; end?: boolean }[];
  children: ReactNode;
}

/** Names of applications and environments by the addresses of their pages, from the list that the navigation has. */
function useNames(): (crumb: Crumb) => string {
  const { org: orgId = "", app: appId } = useParams();
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId } } }, { enabled: appId !== undefined, staleTime: 10_000 });
  const app = apps.data?.find((a) => a.id === appId);
  return (crumb) => {
    if (!app) return crumb.label;
    if (crumb.to === to.app(orgId, app.id)) return app.name;
    return app.envs.find((e) => crumb.to === to.env(orgId, app.id, e.id))?.name ?? crumb.label;
  };
}

/** The frame of every page: breadcrumb, title, actions, tabs. */
export function Page({ title, name, crumbs, badges, facts, actions, tabs, children }: PageProps) {
  const named = useNames();
  const text = name ?? (typeof title === "string" ? title : "");
  useEffect(() => {
    document.title = text ? `${text} · Slipway` : "Slipway";
  }, [text]);
  return (
    <div className="page">
      <header className="page-head">
        {crumbs && crumbs.length > 0 && (
          <nav aria-label="Breadcrumb">
            <ol className="crumbs">
              {crumbs.map((c) => (
                <li key={c.label + (c.to ?? "")}>{c.to ? <Link to={c.to}>{named(c)}</Link> : <span>{c.label}</span>}</li>
              ))}
            </ol>
          </nav>
        )}
        <div className="row-between">
          <div className="row">
            <h1>{title}</h1>
            {badges}
          </div>
          {actions && <div className="row">{actions}</div>}
        </div>
        {facts && <div className="page-facts">{facts}</div>}
        {tabs && (
          <nav aria-label={text ? `Parts of ${text}` : "Parts of this page"} className="tabs">
            {tabs.map((t) => (
              <NavLink key={t.to} to={t.to} end={t.end} className="tab">
                {t.label}
              </NavLink>
            ))}
          </nav>
        )}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  title?: ReactNode;
  /** Beside the title. */
  note?: ReactNode;
  actions?: ReactNode;
  /** Content up to the frame, as tables have it. */
  flush?: boolean;
  children: ReactNode;
}

/** A part of a page with a frame. */
export function Panel({ title, note, actions, flush, children }: PanelProps) {
  return (
    <section className="panel" aria-label={typeof title === "string" ? title : undefined}>
      {(title != null || actions != null) && (
        <div className="panel-head">
          <div className="row">
            {title != null && <h2>{title}</h2>}
            {note != null && <span className="muted small">{note}</span>}
          </div>
          {actions != null && <div className="row">{actions}</div>}
        </div>
      )}
      <div className={flush ? "panel-flush" : "panel-body"}>{children}</div>
    </section>
  );
}

/** Facts, a name and a value each; those without a value are left out. */
export function Facts({ of, inline }: { of: [ReactNode, ReactNode][]; inline?: boolean }) {
  return (
    <dl className={inline ? "facts facts-inline" : "facts"}>
      {of.map(([name, value], i) =>
        value === undefined || value === null || value === "" || value === false ? null : (
          <div key={i}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
