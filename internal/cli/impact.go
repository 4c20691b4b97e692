package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// impactFlags say which change is tried.
type impactFlags struct {
	files   []string
	version string
	delete  bool
	strict  bool
}

func (a *app) impactCommand() *cobra.Command {
	var f impactFlags
	cmd := &cobra.Command{
		Use: "impact [DEFINITION]", Short: "Say what a change of a Resource Definition would do to each Environment", Args: args("[DEFINITION]"),
		Long: "Builds the resource graph of each Environment with the definitions as they are and as they would be, and shows what the\n" +
			"next deployments would do: create, update, in_place (handed to another definition or driver), replace (a new one is\n" +
			"made, the old one is destroyed), take_back (the one that it had replaced is still there and is used again), remove (no\n" +
			"longer asked for), unmatched (no definition left: the deployment would fail), idle (not needed by the current set).\n" +
			"Nothing is changed. The change is a file (several documents are tried one by one, each against what is there), a\n" +
			"version to promote, or a deletion.\n\n" +
			"With --exit-code the command ends with 8 when something would be replaced, taken back or unmatched, or a deployment would fail.",
		Example: "  slipway definitions impact -f postgres.yaml\n  slipway definitions impact pg-prod --version 0b5e5e0e-6d0a-4b0c-9c3e-1f6b7f1d2c3a\n  slipway definitions impact pg-prod --delete --exit-code",
	}
	cmd.Flags().StringArrayVarP(&f.files, "file", "f", nil, "definition file or folder; - is standard input; may be given several times")
	cmd.Flags().StringVar(&f.version, "version", "", "version of DEFINITION to promote")
	cmd.Flags().BoolVar(&f.delete, "delete", false, "delete DEFINITION")
	cmd.Flags().BoolVar(&f.strict, "exit-code", false, "end with 8 when the change would destroy something or let a deployment fail")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if err := oneFlag(cmd, "file", "version", "delete"); err != nil {
			return err
		}
		requests, err := a.impactRequests(f, ids)
		if err != nil {
			return err
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		return a.impacts(cmd.Context(), c, s, requests, f.strict)
	}
	return cmd
}

// impactRequests makes the bodies, so that a mistake in the third file shows before the first one is tried.
func (a *app) impactRequests(f impactFlags, ids []string) ([]map[string]any, error) {
	if len(f.files) == 0 {
		if len(ids) == 0 || (f.version == "") == !f.delete {
			return nil, usagef("name what to try: -f FILE, or DEFINITION with --version or --delete")
		}
		if f.delete {
			return []map[string]any{{"def_id": ids[0], "delete": true}}, nil
		}
		return []map[string]any{{"def_id": ids[0], "version_id": f.version}}, nil
	}
	if len(ids) > 0 {
		return nil, usagef("with -f the definitions are those of the files; leave %s out", ids[0])
	}
	manifests, err := a.readManifests(f.files)
	if err != nil {
		return nil, err
	}
	var out []map[string]any
	for _, m := range manifests {
		if m.err != nil {
			return nil, fmt.Errorf("%s: %w", m.where(), m.err)
		}
		if m.kind.kind != "Definition" {
			continue
		}
		definition := maps.Clone(m.whole())
		definition["id"] = m.id
		out = append(out, map[string]any{"def_id": m.id, "definition": definition})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: there is no Definition in it", strings.Join(f.files, ", "))
	}
	return out, nil
}

// errImpact ends a command with exitImpact; the table has said why.
var errImpact = errors.New("the change would destroy resources or let deployments fail")

func (a *app) impacts(ctx context.Context, c *client.Client, s client.Scope, requests []map[string]any, strict bool) error {
	var all []api.DefinitionImpact
	for _, body := range requests {
		impact, err := client.Do[api.DefinitionImpact](ctx, c, http.MethodPost, s.OrgPath("resources", "defs", "impact"), body)
		if err != nil {
			return fmt.Errorf("definition %v: %w", body["def_id"], err)
		}
		all = append(all, impact)
	}
	var answer any = all
	if len(all) == 1 {
		answer = all[0]
	}
	if err := a.showObject(answer, func() error { return a.printImpacts(all) }); err != nil {
		return err
	}
	for _, impact := range all {
		if strict && isGrave(impact) {
			return &codedError{code: exitImpact, err: errImpact}
		}
	}
	return nil
}

func isGrave(impact api.DefinitionImpact) bool {
	if impact.Summary["replace"]+impact.Summary["take_back"]+impact.Summary["unmatched"] > 0 {
		return true
	}
	for _, env := range impact.Environments {
		if env.Fails {
			return true
		}
	}
	return false
}

func (a *app) printImpacts(all []api.DefinitionImpact) error {
	for i, impact := range all {
		if i > 0 {
			a.say("")
		}
		a.say("definition %s (%s): %s of %s would change%s", impact.DefID, impact.Type, plural(len(impact.Environments), "environment"),
			plural(impact.Examined, "deployed environment"), summaryOf(impact.Summary))
		if err := a.printImpact(impact); err != nil {
			return err
		}
		if h := impact.Hidden; h.Environments > 0 {
			a.say("and %s in %s of applications that you may not see", plural(h.Resources, "resource"), plural(h.Environments, "environment"))
		}
	}
	return nil
}

func summaryOf(counts map[string]int) string {
	var out []string
	for _, action := range []string{"create", "update", "in_place", "replace", "take_back", "remove", "unmatched", "idle"} {
		if counts[action] > 0 {
			out = append(out, fmt.Sprintf("%d %s", counts[action], action))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return " (" + strings.Join(out, ", ") + ")"
}

func (a *app) printImpact(impact api.DefinitionImpact) error {
	t := newTable("ENVIRONMENT", "ACTION", "RESOURCE", "FROM", "TO", "WHY")
	for _, env := range impact.Environments {
		for _, r := range env.Resources {
			t.add(env.AppID+"/"+env.EnvID, r.Action, resourceKey(r.Type, r.Class, r.ID), made(r.FromDef, r.FromDriver), made(r.ToDef, r.ToDriver), r.Reason)
		}
	}
	if len(t.rows) > 0 {
		if err := a.print(t); err != nil {
			return err
		}
	}
	for _, env := range impact.Environments {
		switch {
		case env.Fails:
			a.say("%s/%s: the next deployment would fail:", env.AppID, env.EnvID)
		case env.Repaired:
			a.say("%s/%s: the next deployment would no longer fail", env.AppID, env.EnvID)
		case len(env.Problems) > 0:
			a.say("%s/%s: the next deployment would fail for more reasons:", env.AppID, env.EnvID)
		}
		a.list("  - ", env.Problems)
	}
	return nil
}

func made(definition, driver string) string {
	if definition == "" {
		return ""
	}
	return definition + " (" + driver + ")"
}
