// How this tab is signed in: with a token that it keeps for as long as it is open, or with the cookie of a session, which
// scripts cannot see. A token is never written where it outlives the tab; a new tab asks those that are open.

const key = "slipway-token";
const patience = 500; // ms that another tab has for an answer

type Listener = () => void;
const listeners = new Set<Listener>();

function read(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

let current = read();

const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("slipway-session");
channel?.addEventListener("message", (e: MessageEvent<{ kind: string; token?: string }>) => {
  if (e.data.kind === "ask" && current) channel.postMessage({ kind: "token", token: current });
  if (e.data.kind === "sign-out") set(null);
});

function set(token: string | null) {
  current = token;
  try {
    if (token) sessionStorage.setItem(key, token);
    else sessionStorage.removeItem(key);
  } catch {
    // no storage: until the page is loaded again
  }
  listeners.forEach((l) => l());
}

/** Takes the token out of an address like /#token=..., which `slipway dev` prints. */
function fromAddress(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
  if (token === null) return null;
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  return token.trim() || null;
}

function askOtherTabs(): Promise<string | null> {
  if (!channel) return Promise.resolve(null);
  return new Promise((resolve) => {
    const end = (token: string | null) => {
      channel.removeEventListener("message", hear);
      clearTimeout(timer);
      resolve(token);
    };
    const hear = (e: MessageEvent<{ kind: string; token?: string }>) => {
      if (e.data.kind === "token" && e.data.token) end(e.data.token);
    };
    const timer = setTimeout(() => end(null), patience);
    channel.addEventListener("message", hear);
    channel.postMessage({ kind: "ask" });
  });
}

export const session = {
  /** The token of this tab; null when there is none, or a cookie does it. */
  token: () => current,
  /** Finds the token before the page is drawn: in the address, in this tab, in another one. */
  async begin() {
    const given = fromAddress();
    if (given) set(given);
    else if (!current) {
      const token = await askOtherTabs();
      if (token) set(token);
    }
  },
  signIn: (token: string) => set(token.trim()),
  /** Ends the session of the cookie, when there is one, and forgets the token in all tabs. A token itself lives on. */
  async signOut() {
    if (!current) await fetch("/auth/logout", { method: "POST" });
    set(null);
    channel?.postMessage({ kind: "sign-out" });
  },
  forget: () => set(null),
  subscribe: (listener: Listener) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
