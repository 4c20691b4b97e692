package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) diffCommand() *cobra.Command {
	sets := &cobra.Command{
		Use: "sets FROM TO", Aliases: []string{"set"}, Short: "Show what turns one Deployment Set into another", Args: args("FROM", "TO"),
		Long: "Shows what turns the first set into the second. A set is named by env/<id>, deploy/<id>, its own id, 0 for the empty\n" +
			"set, or . for what the Environment of the settings has. With -o json or yaml the result is a Delta.",
		Example: "  slipway diff sets env/staging env/production --app shop\n  slipway diff sets deploy/17609cfafa5d5cb8 . --app shop --env staging",
		RunE:    func(cmd *cobra.Command, refs []string) error { return a.diff(cmd.Context(), refs[0], refs[1]) },
	}
	envs := &cobra.Command{
		Use: "envs FROM TO", Aliases: []string{"env"}, Short: "Show what turns one Environment's set into another's", Args: args("FROM", "TO"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			return a.diff(cmd.Context(), "env/"+ids[0], "env/"+ids[1])
		},
	}
	return group("diff", "Compare Deployment Sets, Environments, deployments and what runs", sets, envs, a.diffDeploymentsCommand(), a.diffLiveCommand())
}

func (a *app) diff(ctx context.Context, from, to string) error {
	c, s, err := a.within(needApp...)
	if err != nil {
		return err
	}
	source, err := a.setID(ctx, c, s, from)
	if err != nil {
		return err
	}
	target, err := a.setID(ctx, c, s, to)
	if err != nil {
		return err
	}
	delta, err := c.DiffSets(ctx, s, target, source)
	if err != nil {
		return err
	}
	return a.showObject(delta, func() error {
		if delta.IsEmpty() {
			a.say("no difference")
			return nil
		}
		old, err := a.oldSet(ctx, c, s, source)
		if err != nil {
			return err
		}
		for _, line := range diffLines(delta, old) {
			a.say("%s", line)
		}
		return nil
	})
}

// oldSet reads the set that a Delta starts from, to show what was there.
func (a *app) oldSet(ctx context.Context, c *client.Client, s client.Scope, id string) (api.Set, error) {
	if deployset.IsZeroID(id) {
		return api.Set{}, nil
	}
	return c.Set(ctx, s, id)
}

// diffLines spells a Delta: + for what comes, - for what goes, ~ for what changes.
func diffLines(delta api.PlainDelta, old api.Set) []string {
	var out []string
	for _, id := range delta.Modules.Remove {
		out = append(out, "- workload "+id)
	}
	for _, id := range sortedKeys(delta.Modules.Add) {
		out = append(out, "+ workload "+id)
	}
	for _, id := range sortedKeys(delta.Modules.Update) {
		out = append(out, "~ workload "+id)
		var before any = old.Modules[id]
		for _, op := range delta.Modules.Update[id] {
			out = append(out, "    "+opLine(op, before))
		}
	}
	if len(delta.Shared) > 0 {
		out = append(out, "~ shared resources")
	}
	for _, op := range delta.Shared {
		out = append(out, "    "+opLine(op, old.Shared))
	}
	return out
}

func opLine(op deployset.Op, before any) string {
	was, known := lookup(before, op.Path)
	switch op.Op {
	case deployset.OpRemove:
		return "- " + op.Path + suffix(": ", was, known)
	case deployset.OpAdd:
		if !known {
			return "+ " + op.Path + ": " + inline(op.Value)
		}
	}
	return "~ " + op.Path + ": " + suffix("", was, known) + " -> " + inline(op.Value)
}

func suffix(before string, value any, known bool) string {
	if !known {
		return ""
	}
	return before + inline(value)
}

// inline spells a value in a line.
func inline(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	text := string(raw)
	if len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "") + "..."
	}
	return text
}

// lookup follows a JSON pointer.
func lookup(tree any, path string) (any, bool) {
	for _, token := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		switch node := tree.(type) {
		case map[string]any:
			value, ok := node[token]
			if !ok {
				return nil, false
			}
			tree = value
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(node) {
				return nil, false
			}
			tree = node[i]
		default:
			return nil, false
		}
	}
	return tree, true
}
