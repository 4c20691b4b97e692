import type { RouteObject } from "react-router";

import { AppGuard } from "./AppGuard";
import { NotFound, RouteError } from "./errors";
import { FirstOrg } from "./FirstOrg";
import { Shell } from "./Shell";
import { SignedIn } from "./SignedIn";
import { SignIn } from "./SignIn";

/**
 * Every page is a folder of src/pages with an index.tsx that exports `Component`; its code is loaded when it is visited.
 * A page with parts of its own ends with /* here and has <Routes> inside.
 */
export const routes: RouteObject[] = [
  { path: "/sign-in", Component: SignIn },
  {
    Component: SignedIn,
    ErrorBoundary: RouteError,
    children: [
      { path: "/", Component: FirstOrg },
      { path: "/o", Component: FirstOrg },
      {
        path: "/o/:org",
        Component: Shell,
        children: [
          {
            ErrorBoundary: RouteError,
            children: [
              { index: true, lazy: () => import("~/pages/home") },
              { path: "apps", lazy: () => import("~/pages/applications") },
              {
                Component: AppGuard,
                children: [
                  { path: "apps/:app/*", lazy: () => import("~/pages/application") },
                  { path: "apps/:app/values/*", lazy: () => import("~/pages/values") },
                  { path: "apps/:app/automation/*", lazy: () => import("~/pages/app-automation") },
                  { path: "apps/:app/envs/:env/change/*", lazy: () => import("~/pages/change") },
                  { path: "apps/:app/envs/:env/values/*", lazy: () => import("~/pages/values") },
                  { path: "apps/:app/envs/:env/deploys/:deploy/*", lazy: () => import("~/pages/deployment") },
                  { path: "apps/:app/envs/:env/*", lazy: () => import("~/pages/environment") },
                ],
              },
              { path: "platform/*", lazy: () => import("~/pages/platform") },
              { path: "automation/*", lazy: () => import("~/pages/automation") },
              { path: "settings/*", lazy: () => import("~/pages/settings") },
              { path: "*", Component: NotFound },
            ],
          },
        ],
      },
      { path: "*", Component: NotFound },
    ],
  },
];
