package server

import (
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func queueRoutes() []Route {
	const path = envPath + "/queue"
	return []Route{
		answer(Route{Method: "GET", Path: path, OperationID: "getQueue", Tag: "Queue",
			Summary: "See what runs and waits in an Environment"}, getQueue),
		answer(Route{Method: "GET", Path: path + "/policy", OperationID: "getQueuePolicy", Tag: "Queue",
			Summary: "Get the queue policy of an Environment"}, getQueuePolicy),
		accept(Route{Method: "PUT", Path: path + "/policy", OperationID: "setQueuePolicy", Tag: "Queue",
			Summary: "Say what happens to a deployment while another one is unfinished"}, setQueuePolicy),
	}
}

func getQueue(c *Call) (api.Queue, error) {
	policy, err := c.Service.GetQueuePolicy(c.Context(), c.Env())
	if err != nil {
		return api.Queue{}, err
	}
	deployments, err := c.Service.Queue(c.Context(), c.Env())
	if err != nil {
		return api.Queue{}, err
	}
	out, err := c.withWaiting(deployments)
	return api.Queue{Policy: string(policy), Deployments: out}, err
}

func getQueuePolicy(c *Call) (api.QueuePolicy, error) {
	policy, err := c.Service.GetQueuePolicy(c.Context(), c.Env())
	return api.QueuePolicy{Policy: string(policy)}, err
}

func setQueuePolicy(c *Call, in api.QueuePolicy) (api.QueuePolicy, error) {
	return in, c.Service.SetQueuePolicy(c.Context(), c.Env(), orchestrator.QueuePolicy(in.Policy))
}
