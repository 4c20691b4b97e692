import { Dialog } from "@base-ui/react/dialog";
import { useId, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";

import { api } from "~/api/client";
import { to } from "~/lib/paths";

interface Target {
  label: string;
  kind: string;
  path: string;
}

/** Ctrl-K: type a part of a name, press Enter, be there. */
export function Palette({ org, open, onClose }: { org: string; open: boolean; onClose: () => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="palette" aria-label="Go to">
          {open && <Finder org={org} onClose={onClose} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Finder({ org, onClose }: { org: string; onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const id = useId();
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = useTargets(org)
    .filter((t) => words.every((w) => `${t.label} ${t.kind}`.toLowerCase().includes(w)))
    .slice(0, 50);
  const chosen = Math.min(at, found.length - 1);
  const go = (t: Target | undefined) => {
    if (!t) return;
    onClose();
    void navigate(t.path);
  };
  const press = (e: KeyboardEvent) => {
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      e.preventDefault();
      const next = (chosen + step + found.length) % found.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
    }
    if (e.key === "Enter") go(found[chosen]);
  };
  return (
    <div>
      <input
        className="palette-input"
        placeholder="Application, environment, page"
        role="combobox"
        aria-label="Go to"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
        value={query}
        onChange={(e) => {
          setQuery(e.target.value);
          setAt(0);
        }}
        onKeyDown={press}
        autoFocus
        spellCheck={false}
      />
      <div className="palette-list" role="listbox" id={`${id}-list`} aria-label="Pages">
        {found.map((t, i) => (
          <div key={t.path} id={`${id}-${i}`} role="option" aria-selected={i === chosen} className="palette-item" onMouseMove={() => setAt(i)} onClick={() => go(t)}>
            <span className="cut">{t.label}</span>
            <span className="palette-kind">{t.kind}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <div className="table-none muted">Nothing has this name.</div>}
    </div>
  );
}

function useTargets(org: string): Target[] {
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId: org } } });
  const pages: Target[] = [
    { label: "Home", kind: "page", path: to.home(org) },
    { label: "Applications", kind: "page", path: to.apps(org) },
    { label: "Platform", kind: "page", path: to.platform(org) },
    { label: "Automation", kind: "page", path: to.automation(org) },
    { label: "Settings", kind: "page", path: to.settings(org) },
  ];
  const named = (apps.data ?? []).flatMap((a): Target[] => [
    { label: a.name, kind: "application", path: to.app(org, a.id) },
    ...a.envs.map((e) => ({ label: `${a.name} / ${e.name}`, kind: "environment", path: to.env(org, a.id, e.id) })),
  ]);
  return [...pages, ...named];
}
