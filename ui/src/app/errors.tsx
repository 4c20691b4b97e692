import { isRouteErrorResponse, useRouteError } from "react-router";

import { ButtonLink, Button } from "~/components/Button";
import { EmptyState } from "~/components/EmptyState";
import { ErrorNotice } from "~/components/ErrorNotice";
import { Page } from "~/components/Page";

export function NotFound() {
  return (
    <Page title="No such page">
      <EmptyState title="There is no page at this address" actions={<ButtonLink to="/">Home</ButtonLink>} />
    </Page>
  );
}

/** A page that broke: what it broke on, and a way on. Code that is gone after an update is loaded anew. */
export function RouteError() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  return (
    <Page title="This page broke">
      <ErrorNotice error={error} title="The Web UI could not show this page" />
      <div className="row">
        <Button kind="primary" onClick={() => window.location.reload()}>
          Load again
        </Button>
        <ButtonLink to="/">Home</ButtonLink>
      </div>
    </Page>
  );
}
