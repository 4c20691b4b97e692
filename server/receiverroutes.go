package server

import (
	"net/http"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// receiverRoutes are the operations of receivers, and where they receive.
func receiverRoutes() []Route {
	const list, item = appPath + "/receivers", appPath + "/receivers/{receiverId}"
	const what = "Tell of pull requests and branches; authentic by "
	return tagged("Environment Lifecycle", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listReceivers", Summary: "List where GitHub and GitLab tell of pull requests"}, listReceivers),
		answer(Route{Method: "GET", Path: orgPath + "/receivers", OperationID: "listReceiversInOrg", Summary: "List where GitHub and GitLab tell of pull requests, in all Applications that the caller may read"}, listReceiversInOrg),
		accept(Route{Method: "POST", Path: list, OperationID: "createReceiver", Status: http.StatusCreated,
			Summary: "Have the Environments of a preview rule come and go with pull requests; the secret is answered once"}, createReceiver),
		answer(Route{Method: "DELETE", Path: item, OperationID: "deleteReceiver", Summary: "Delete a receiver; Environments stay until their end"}, deleteReceiver),
		answer(Route{Method: "GET", Path: item + "/deliveries", OperationID: "listReceiverDeliveries", Summary: "List the newest 100 deliveries that were received, newest first"}, listReceiverDeliveries),
		stream[api.ReceivedAnswer](Route{Method: "POST", Path: "/receivers/github/{receiverId}", OperationID: "receiveFromGitHub", Open: true, Status: http.StatusAccepted,
			Request: map[string]any{}, Summary: what + "X-Hub-Signature-256"}, receive(orchestrator.VendorGitHub)),
		stream[api.ReceivedAnswer](Route{Method: "POST", Path: "/receivers/gitlab/{receiverId}", OperationID: "receiveFromGitLab", Open: true, Status: http.StatusAccepted,
			Request: map[string]any{}, Summary: what + "X-Gitlab-Token"}, receive(orchestrator.VendorGitLab)),
	})
}

// receive takes the body as it is, because it is what was signed.
func receive(vendor string) func(c *Call) error {
	return func(c *Call) error {
		body, err := readBody(c.Request())
		if err != nil {
			return err
		}
		d, err := c.Service.Receive(c.Context(), vendor, c.Param("receiverId"), c.Request().Header, body)
		if err != nil {
			return err
		}
		if d == nil {
			return c.send(http.StatusAccepted, api.ReceivedAnswer{Status: "pong"})
		}
		return c.send(http.StatusAccepted, api.ReceivedAnswer{Status: d.Status, Reason: d.Reason})
	}
}

func listReceivers(c *Call) ([]api.Receiver, error) {
	return asList(wireReceiver)(c.Service.ListReceivers(c.Context(), c.Org(), c.App()))
}

func listReceiversInOrg(c *Call) ([]api.Receiver, error) {
	return asList(wireReceiver)(c.Service.ListReceiversInOrg(c.Context(), c.Org()))
}

func createReceiver(c *Call, in api.CreateReceiverRequest) (api.Receiver, error) {
	r, secret, err := c.Service.CreateReceiver(c.Context(), c.Org(), c.App(), orchestrator.ReceiverRequest{
		Vendor: in.Vendor, RuleID: in.RuleID, Repository: in.Repository, Secret: in.Secret,
	})
	if err != nil {
		return api.Receiver{}, err
	}
	out := wireReceiver(*r)
	out.Secret = secret
	return out, nil
}

func deleteReceiver(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteReceiver(c.Context(), c.Org(), c.App(), c.Param("receiverId"))
}

func listReceiverDeliveries(c *Call) ([]api.ReceiverDelivery, error) {
	return asList(wireReceiverDelivery)(c.Service.ListReceiverDeliveries(c.Context(), c.Org(), c.App(), c.Param("receiverId")))
}

func wireReceiver(r orchestrator.Receiver) api.Receiver {
	return api.Receiver{
		ID: r.ID, AppID: r.AppID, Vendor: r.Vendor, RuleID: r.RuleID, Repository: r.Repository, Path: "/receivers/" + r.Vendor + "/" + r.ID,
		CreatedAt: api.NewTime(r.CreatedAt), CreatedBy: r.CreatedBy,
	}
}

func wireReceiverDelivery(d orchestrator.ReceiverDelivery) api.ReceiverDelivery {
	return api.ReceiverDelivery{
		ID: d.ID, Event: d.Event, Branch: d.Branch, Commit: d.Commit, EnvID: d.EnvID, Status: d.Status, Reason: d.Reason,
		CreatedAt: api.NewTime(d.CreatedAt), FinishedAt: api.NewTimePtr(d.FinishedAt),
	}
}
