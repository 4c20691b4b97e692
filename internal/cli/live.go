package cli

import (
	"context"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// refresh is how often the picture moves, and how often nodes are read at most.
const refresh = 250 * time.Millisecond

// watchLive shows the nodes of a deployment as a tree that moves, until it is over or ctx ends: ctrl-C is a signal, which
// ends ctx, and leaves the deployment alone.
func (a *app) watchLive(ctx context.Context, c *client.Client, s client.Scope, d api.Deployment) (api.Deployment, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	changes := make(chan func(*tree))
	change := func(fn func(*tree)) {
		select {
		case changes <- fn:
		case <-ctx.Done():
		}
	}
	notice := func(text string) { change(func(t *tree) { t.message = oneLine(text) }) }
	a.notice.Store(&notice)
	defer a.notice.Store(nil)

	wake := make(chan struct{}, 1)
	go readNodes(ctx, c, s, d.ID, wake, change)
	type end struct {
		deployment api.Deployment
		err        error
	}
	ended := make(chan end, 1)
	go func() {
		done, err := c.FollowDeployment(ctx, s, d.ID, 0, func(e api.DeploymentEvent) error {
			change(func(t *tree) { t.event(e) })
			select {
			case wake <- struct{}{}:
			default: // one is on its way
			}
			return nil
		})
		if nodes, nodesErr := c.Nodes(ctx, s, d.ID); err == nil && nodesErr == nil {
			change(func(t *tree) { t.nodes = nodes })
		}
		ended <- end{done, err}
	}()

	picture := newTree(d, a.colours(), time.Now)
	screen := newScreen(a.out)
	defer screen.close()
	tick := time.NewTicker(refresh)
	defer tick.Stop()
	for {
		screen.draw(picture.lines(screen.size()))
		select {
		case fn := <-changes:
			fn(picture)
		case <-tick.C:
			picture.frame++
		case e := <-ended:
			picture.end(e.deployment)
			screen.draw(picture.lines(screen.size()))
			return e.deployment, e.err
		}
	}
}

// readNodes reads the nodes after events, at most once in a refresh.
func readNodes(ctx context.Context, c *client.Client, s client.Scope, id string, wake <-chan struct{}, change func(func(*tree))) {
	pause := time.NewTicker(refresh)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		if nodes, err := c.Nodes(ctx, s, id); err == nil {
			change(func(t *tree) { t.nodes = nodes })
		}
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}
