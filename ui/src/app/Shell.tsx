import { useQueryClient } from "@tanstack/react-query";
import { Boxes, ChevronsUpDown, House, Layers, LogOut, Moon, Monitor, Search, Settings, Sun, UserRound, Workflow } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Link, NavLink, Outlet, useLocation, useNavigate } from "react-router";

import { api } from "~/api/client";
import { session } from "~/api/session";
import { settings } from "~/api/settings";
import { Button, IconButton } from "~/components/Button";
import { Menu } from "~/components/Menu";
import { to } from "~/lib/paths";
import { useOrg } from "~/lib/scope";

import { rememberOrg } from "./FirstOrg";
import { Logo } from "./Logo";
import { Palette } from "./Palette";
import { useMe } from "./SignedIn";
import { setTheme, useTheme } from "./theme";

/** What is around every page: the bar, the navigation, the palette. */
export function Shell() {
  const org = useOrg();
  const [palette, setPalette] = useState(false);
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => rememberOrg(org), [org]);
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
        e.preventDefault();
        setPalette((open) => !open);
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  // A new page begins at its top; who listens hears its title.
  useEffect(() => window.scrollTo(0, 0), [pathname]);
  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(e) => {
          e.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header className="bar">
        <Link to={to.home(org)} className="bar-logo">
          <Logo />
        </Link>
        <OrgSwitcher org={org} />
        <Button className="bar-search" onClick={() => setPalette(true)} icon={<Search size={14} aria-hidden />}>
          Go to… <kbd>Ctrl K</kbd>
        </Button>
        <ThemeSwitch />
        <UserMenu />
      </header>
      <Side org={org} />
      <main id="main" className="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <Palette org={org} open={palette} onClose={() => setPalette(false)} />
    </div>
  );
}

function OrgSwitcher({ org }: { org: string }) {
  const orgs = api.useQuery("get", "/orgs", {}, { staleTime: 60_000 });
  const name = orgs.data?.find((o) => o.id === org)?.name ?? org;
  return (
    <Menu
      align="start"
      trigger={
        <Button kind="quiet" aria-label={`Organization ${name}`}>
          {name}
          <ChevronsUpDown size={14} aria-hidden />
        </Button>
      }
      items={(orgs.data ?? []).map((o) => ({ label: o.name, to: to.home(o.id) }))}
    />
  );
}

const themes = [
  { theme: "system", label: "As the system", Icon: Monitor },
  { theme: "light", label: "Light", Icon: Sun },
  { theme: "dark", label: "Dark", Icon: Moon },
] as const;

function ThemeSwitch() {
  const theme = useTheme();
  const Icon = themes.find((t) => t.theme === theme)?.Icon ?? Monitor;
  return (
    <Menu
      trigger={
        <IconButton label="Theme">
          <Icon size={16} aria-hidden />
        </IconButton>
      }
      items={themes.map((t) => ({ label: t.label, icon: <t.Icon size={14} />, onSelect: () => setTheme(t.theme) }))}
    />
  );
}

function UserMenu() {
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await session.signOut();
    queries.clear();
    await navigate("/sign-in");
  };
  return (
    <Menu
      trigger={
        <IconButton label={`You: ${me.data?.name ?? ""}`}>
          <UserRound size={16} aria-hidden />
        </IconButton>
      }
      items={[
        { label: me.data?.email ?? me.data?.name ?? "You", disabled: true },
        { label: "Sign out", icon: <LogOut size={14} />, onSelect: () => void leave(), separate: true },
      ]}
    />
  );
}

function Side({ org }: { org: string }) {
  const apps = api.useQuery("get", "/orgs/{orgId}/apps", { params: { path: { orgId: org } } }, { staleTime: 10_000 });
  return (
    <nav className="side" aria-label="Main">
      <ul className="stack-list">
        <SideLink to={to.home(org)} end icon={<House size={15} aria-hidden />} label="Home" />
        <SideLink to={to.apps(org)} icon={<Boxes size={15} aria-hidden />} label="Applications" end />
        <SideLink to={to.platform(org)} icon={<Layers size={15} aria-hidden />} label="Platform" />
        <SideLink to={to.automation(org)} icon={<Workflow size={15} aria-hidden />} label="Automation" />
        <SideLink to={to.settings(org)} icon={<Settings size={15} aria-hidden />} label="Settings" />
      </ul>
      {apps.data && apps.data.length > 0 && (
        <div>
          <h2 id="side-apps">Applications</h2>
          <ul className="stack-list" aria-labelledby="side-apps">
            {apps.data.slice(0, 15).map((a) => (
              <SideLink key={a.id} to={to.app(org, a.id)} label={a.name} />
            ))}
          </ul>
          {apps.data.length > 15 && (
            <Link className="side-link" to={to.apps(org)}>
              All {apps.data.length}
            </Link>
          )}
        </div>
      )}
      <div className="side-foot">
        <a href="/docs/">API</a> <span>{settings.version}</span>
      </div>
    </nav>
  );
}

function SideLink({ to: target, label, icon, end }: { to: string; label: string; icon?: React.ReactNode; end?: boolean }) {
  return (
    <li>
      <NavLink to={target} end={end} className="side-link">
        {icon}
        <span className="cut">{label}</span>
      </NavLink>
    </li>
  );
}
