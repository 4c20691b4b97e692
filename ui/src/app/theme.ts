import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";
const key = "slipway-theme";

function current(): Theme {
  try {
    const theme = localStorage.getItem(key);
    return theme === "light" || theme === "dark" ? theme : "system";
  } catch {
    return "system";
  }
}

/** Chooses a theme; public/theme.js, which runs before the page is drawn, applies it. */
export function setTheme(theme: Theme) {
  try {
    if (theme === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // nothing can be kept: the system's then
  }
  window.dispatchEvent(new Event(key));
}

export function useTheme(): Theme {
  return useSyncExternalStore((l) => {
    window.addEventListener(key, l);
    window.addEventListener("storage", l);
    return () => {
      window.removeEventListener(key, l);
      window.removeEventListener("storage", l);
    };
  }, current);
}
