package cli

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

const logPage = 1000

// allLogs reads the whole log of a deployment, or of a node of it.
func allLogs(ctx context.Context, c *client.Client, s client.Scope, id, node string) ([]api.LogLine, error) {
	var out []api.LogLine
	err := eachLog(ctx, c, s, id, client.LogQuery{Node: node, Limit: logPage}, func(l api.LogLine) { out = append(out, l) })
	return out, err
}

// eachLog calls fn for each line that is there after the position.
func eachLog(ctx context.Context, c *client.Client, s client.Scope, id string, q client.LogQuery, fn func(api.LogLine)) error {
	for {
		page, err := c.Logs(ctx, s, id, q)
		if err != nil {
			return err
		}
		before := q.After
		for _, l := range page {
			fn(l)
			q.After = l.Seq
		}
		if len(page) < q.Limit || q.After <= before {
			return nil
		}
	}
}

func (a *app) logsCommand() *cobra.Command {
	var f containerLogFlags
	var node string
	cmd := &cobra.Command{
		Use: "logs [WORKLOAD|DEPLOYMENT]", Short: "Show what containers wrote, or what drivers and steps of a deployment did", Args: args("[WORKLOAD|DEPLOYMENT]"),
		Long: "Shows what the containers of a workload, or of all, wrote. With the id of a deployment, or . for the newest one, it shows what\n" +
			"drivers and steps of that deployment wrote instead.",
		Example: "  slipway logs orders --follow\n  slipway logs orders --previous --tail 50\n  slipway logs --since 10m --grep error\n  slipway logs . --follow\n" +
			"  slipway logs 17609cfafa5d5cb8 --node 'postgres.default#modules.orders.externals.db'",
	}
	cmd.Flags().StringVar(&node, "node", "", "of a deployment: only one resource, as type.class#id")
	f.bind(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		q := query{ctx: cmd.Context(), app: a, c: c, Scope: s, ids: ids}
		if node == "" && !namesDeployment(q.idOr("")) {
			return a.containerLogs(q, f)
		}
		if f.narrows(cmd.Flags()) {
			return usagef("of the flags, only --follow and --node fit the logs of a deployment; those of containers are asked for by the name of a workload")
		}
		return a.deploymentLogs(q, node, f.follow)
	}
	return cmd
}

var deploymentIDs = regexp.MustCompile(`^[0-9a-f]{16}$`)

// namesDeployment tells the id of a deployment from the name of a workload.
func namesDeployment(ref string) bool {
	return ref == "." || strings.HasPrefix(ref, "deploy/") || deploymentIDs.MatchString(ref)
}

func (a *app) deploymentLogs(q query, node string, follow bool) error {
	id, err := q.deploymentID(q.idOr("."))
	if err != nil {
		return err
	}
	if follow {
		return a.followLogs(q.ctx, q.c, q.Scope, id, node)
	}
	lines, err := allLogs(q.ctx, q.c, q.Scope, id, node)
	if err != nil {
		return err
	}
	if lines == nil {
		lines = []api.LogLine{}
	}
	return a.showObject(lines, func() error {
		for _, l := range lines {
			a.printLog(l, node)
		}
		return nil
	})
}

// followLogs prints lines as they are written until the deployment is over.
func (a *app) followLogs(ctx context.Context, c *client.Client, s client.Scope, id, node string) error {
	if a.structured() {
		return usagef("--follow prints lines; leave out --output, or leave out --follow")
	}
	path := s.EnvPath("deploys", id, "logs")
	if node != "" {
		path += "?" + url.Values{"node": {node}}.Encode()
	}
	return c.Follow(ctx, path, func(f client.Frame) error {
		if f.Type != "line" {
			return nil
		}
		l, err := decoded[api.LogLine](f)
		if err == nil {
			a.printLog(l, node)
		}
		return err
	})
}

func (a *app) printLog(l api.LogLine, node string) {
	from := l.Node + " | "
	if node != "" || l.Node == "" {
		from = ""
	}
	level := ""
	if l.Level != "" && l.Level != "info" {
		level = l.Level + ": "
	}
	fmt.Fprintf(a.out, "%s  %s%s%s\n", clock(l.At.Time), from, level, printable(l.Text))
}
