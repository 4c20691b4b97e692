package cli

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/client"
)

// deletable is something that `delete` takes away by id.
type deletable struct {
	name    string
	aliases []string
	short   string
	long    string
	need    []string
	args    []string
	path    func(s client.Scope, ids []string) string
	force   string // what --force means; empty when there is no such flag
	detach  string // what --detach means
	warning string // what else goes away
}

func deletables() []deletable {
	return []deletable{
		{name: "app", aliases: []string{"application"}, short: "Delete an Application with all its Environments", need: needOrg, args: []string{"APP"},
			warning: "all its environments and their resources",
			path:    func(s client.Scope, ids []string) string { return s.OrgPath("apps", ids[0]) }},
		{name: "env", aliases: []string{"environment"}, short: "Delete an Environment with its resources", need: needApp, args: []string{"ENV"},
			warning: "its resources and its history",
			path:    func(s client.Scope, ids []string) string { return s.AppPath("envs", ids[0]) }},
		{name: "env-type", aliases: []string{"environment-type"}, short: "Delete an Environment Type that no Environment uses", need: needOrg, args: []string{"TYPE"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("env-types", ids[0]) }},
		{name: "value", aliases: []string{"shared-value"}, short: "Delete a Shared Value", need: needApp, args: []string{"KEY"},
			path: func(s client.Scope, ids []string) string { return s.LevelPath("values", ids[0]) }},
		{name: "definition", aliases: []string{"def", "res-def", "resource-definition"}, short: "Delete a Resource Definition", need: needOrg, args: []string{"DEFINITION"},
			force: "also when active resources use it: they stay until their next deployment",
			path:  func(s client.Scope, ids []string) string { return s.OrgPath("resources", "defs", ids[0]) }},
		{name: "type", aliases: []string{"res-type", "resource-type"}, short: "Delete a Resource Type", need: needOrg, args: []string{"TYPE"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("resources", "types", ids[0]) }},
		{name: "class", aliases: []string{"resource-class"}, short: "Delete a Resource Class", need: needOrg, args: []string{"TYPE", "CLASS"},
			path: func(s client.Scope, ids []string) string {
				return s.OrgPath("resources", "types", ids[0], "classes", ids[1])
			}},
		{name: "driver", aliases: []string{"resource-driver"}, short: "Delete a Resource Driver", need: needOrg, args: []string{"DRIVER"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("resources", "drivers", ids[0]) }},
		{name: "resource", aliases: []string{"active-resource"}, short: "Delete an active resource and what it stands for", need: needEnv, args: []string{"TYPE", "RESOURCE"},
			long: "TYPE may name a class (postgres.large); otherwise the resources of all classes with that id are deleted. RESOURCE may be the\n" +
				"globally unique id: so one names what another resource has replaced, or has its destruction tried again.",
			warning: "what it stands for", detach: "only forget it: the real thing stays, and is no longer Slipway's",
			path: func(s client.Scope, ids []string) string { return s.EnvPath("resources", ids[0], ids[1]) }},
	}
}

func (a *app) deleteCommand() *cobra.Command {
	cmd := group("delete", "Delete something")
	var yes bool
	cmd.PersistentFlags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	for _, d := range slices.Concat(deletables(), assetDeletables(), pipelineDeletables(), artefactDeletables(), peopleDeletables()) {
		cmd.AddCommand(a.deleteKind(d, &yes))
	}
	cmd.AddCommand(a.deleteToken(&yes), a.deleteDelta(&yes))
	var files []string
	cmd.Flags().StringArrayVarP(&files, "file", "f", nil, "delete what the manifests in this file or folder describe; - is standard input")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		if len(files) > 0 && len(given) == 0 {
			return a.deleteFiles(cmd.Context(), files, yes)
		}
		return runGroup(cmd, given)
	}
	return cmd
}

// envDeleteCommand is `delete env`, where people look who have made one with `env create`.
func (a *app) envDeleteCommand() *cobra.Command {
	var yes bool
	i := slices.IndexFunc(deletables(), func(d deletable) bool { return d.name == "env" })
	cmd := a.deleteKind(deletables()[i], &yes)
	cmd.Use, cmd.Aliases = "delete ENV", nil
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

func (a *app) deleteKind(d deletable, yes *bool) *cobra.Command {
	var force, detach bool
	cmd := &cobra.Command{Use: d.name + " " + strings.Join(d.args, " "), Aliases: d.aliases, Short: d.short, Long: d.long, Args: args(d.args...)}
	if d.detach != "" {
		cmd.Flags().BoolVar(&detach, "detach", false, d.detach)
	}
	if d.force != "" {
		cmd.Flags().BoolVar(&force, "force", false, d.force)
	}
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(d.need...)
		if err != nil {
			return err
		}
		what := d.name + " " + strings.Join(ids, " ")
		question := what
		if d.warning != "" && !detach {
			question += " and " + d.warning
		}
		if err := a.confirm("delete "+question, *yes); err != nil {
			return err
		}
		path := d.path(s, ids)
		if force {
			path += "?force=true"
		}
		if detach {
			path += "?detach=true"
		}
		return a.remove(cmd.Context(), c, path, what)
	}
	return cmd
}

func (a *app) remove(ctx context.Context, c *client.Client, path, what string) error {
	going, err := c.Delete(ctx, path)
	if err != nil {
		return err
	}
	a.sayDeleted(what, going)
	return nil
}

func (a *app) sayDeleted(what string, going bool) {
	if going {
		a.say("%s is being deleted", what)
		return
	}
	a.say("%s deleted", what)
}

func (a *app) deleteToken(yes *bool) *cobra.Command {
	var user string
	cmd := &cobra.Command{Use: "token TOKEN", Short: "End a token or session of yours, or of a service user", Args: args("TOKEN")}
	cmd.Flags().StringVar(&user, "user", "", "service user that the token belongs to")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, err := a.connect()
		if err != nil {
			return err
		}
		path, err := query{ctx: cmd.Context(), c: c}.tokensPath(user)
		if err != nil {
			return err
		}
		if err := a.confirm("end token "+ids[0], *yes); err != nil {
			return err
		}
		return a.remove(cmd.Context(), c, path+client.Path(ids[0]), "token "+ids[0])
	}
	return cmd
}

// deleteDelta archives: the API keeps Deltas, because deployments refer to them.
func (a *app) deleteDelta(yes *bool) *cobra.Command {
	return &cobra.Command{
		Use: "delta DELTA", Short: "Archive a Delta; it can still be read", Args: args("DELTA"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			if err := a.confirm("archive delta "+ids[0], *yes); err != nil {
				return err
			}
			if _, err := client.Do[client.None](cmd.Context(), c, http.MethodPut, s.AppPath("deltas", ids[0], "metadata", "archived"), true); err != nil {
				return err
			}
			a.say("delta %s archived", ids[0])
			return nil
		},
	}
}

// deleteFiles deletes what manifests describe, what needs others first. What is not there is no error.
func (a *app) deleteFiles(ctx context.Context, files []string, yes bool) error {
	manifests, err := a.readManifests(files)
	if err != nil {
		return err
	}
	p := applier{app: a}
	if p.c, p.scope, err = a.within(needOrg...); err != nil {
		return err
	}
	sortByNeed(manifests)
	slices.Reverse(manifests)
	var labels []string
	for _, m := range manifests {
		labels = append(labels, m.label())
	}
	if err := a.confirm("delete "+strings.Join(labels, ", "), yes); err != nil {
		return err
	}
	failed := 0
	for _, m := range manifests {
		if err := p.deleteOne(ctx, m); err != nil {
			failed++
			fmt.Fprintln(a.err, m.failure(err.Error()))
		}
	}
	if failed > 0 {
		return &codedError{exitError, fmt.Errorf("%d of %d documents failed", failed, len(manifests)), true}
	}
	return nil
}

func (p applier) deleteOne(ctx context.Context, m manifest) error {
	if m.err != nil {
		return m.err
	}
	s, err := p.scopeOf(m)
	if err != nil {
		return err
	}
	going, err := p.c.Delete(ctx, m.kind.item(s, m.id, m.whole()))
	if client.IsStatus(err, http.StatusNotFound) {
		p.app.say("%s is not there", m.label())
		return nil
	}
	if err == nil {
		p.app.sayDeleted(m.label(), going)
	}
	return err
}
