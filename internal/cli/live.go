package cli

import (
	"context"
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// refresh is how often durations move, and nodes are read again after events.
const refresh = 250 * time.Millisecond

// watchLive shows the nodes of a deployment as a tree that moves. ctrl-C leaves the deployment alone and ends the watch
// with context.Canceled.
func (a *app) watchLive(ctx context.Context, c *client.Client, s client.Scope, d api.Deployment) (api.Deployment, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	program := tea.NewProgram(newTree(d, a.colours(), time.Now), tea.WithContext(ctx), tea.WithInput(a.in), tea.WithOutput(a.out), tea.WithoutSignalHandler())
	wake := make(chan struct{}, 1)
	go a.readNodes(ctx, c, s, d.ID, wake, program.Send)

	type end struct {
		deployment api.Deployment
		err        error
	}
	ended := make(chan end, 1)
	go func() {
		done, err := c.FollowDeployment(ctx, s, d.ID, 0, func(e api.DeploymentEvent) error {
			program.Send(eventMessage(e))
			select {
			case wake <- struct{}{}:
			default: // one is on its way
			}
			return nil
		})
		if err == nil {
			if nodes, nodesErr := c.Nodes(ctx, s, d.ID); nodesErr == nil {
				program.Send(nodesMessage(nodes))
			}
		}
		ended <- end{done, err}
		program.Send(endMessage{done})
	}()
	final, err := program.Run()
	cause := context.Cause(ctx)
	cancel()
	result := <-ended
	if t, ok := final.(tree); ok && t.detached {
		return d, context.Canceled
	}
	if cause != nil {
		return d, cause
	}
	if err != nil && !errors.Is(err, tea.ErrProgramKilled) {
		return d, err
	}
	return result.deployment, result.err
}

// readNodes reads the nodes after events, at most once in a refresh.
func (a *app) readNodes(ctx context.Context, c *client.Client, s client.Scope, id string, wake <-chan struct{}, send func(tea.Msg)) {
	pause := time.NewTicker(refresh)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		if nodes, err := c.Nodes(ctx, s, id); err == nil {
			send(nodesMessage(nodes))
		}
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}
