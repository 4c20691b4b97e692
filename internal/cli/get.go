package cli

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/client"
)

// query is what a kind needs to fetch itself.
type query struct {
	ctx context.Context
	app *app
	c   *client.Client
	client.Scope
	ids   []string
	flags url.Values
}

// get reads a path.
func (q query) get(path string) (json.RawMessage, error) {
	if len(q.flags) > 0 {
		path += "?" + q.flags.Encode()
	}
	return q.c.Get(q.ctx, path)
}

// listOrItem reads a list, or one of it when there is an id.
func (q query) listOrItem(path string) (json.RawMessage, error) {
	if len(q.ids) > 0 {
		path += client.Path(q.ids[len(q.ids)-1])
	}
	return q.get(path)
}

func (a *app) getCommand() *cobra.Command {
	cmd := group("get", "Show what exists")
	cmd.Long = "Show what exists, as a list or, with an id, one of it. Where a deployment is asked for, \".\" is the newest one."
	for _, k := range a.kinds() {
		cmd.AddCommand(a.getKind(k))
	}
	return cmd
}

func (a *app) getKind(k kind) *cobra.Command {
	use := k.name
	for _, arg := range k.args {
		use += " " + arg
	}
	cmd := &cobra.Command{Use: use, Aliases: k.aliases, Short: k.short, Args: args(k.args...)}
	filters := map[string]*string{}
	switch k.name {
	case "deltas":
		filters["archived"] = cmd.Flags().String("archived", "", "true shows archived Deltas, too")
		cmd.Flags().Lookup("archived").NoOptDefVal = "true"
	case "definitions":
		filters["deleted"] = cmd.Flags().String("deleted", "", "true shows deleted definitions, too")
		cmd.Flags().Lookup("deleted").NoOptDefVal = "true"
	}
	for _, f := range k.filters {
		filters[f.query] = cmd.Flags().String(f.flag, "", f.doc)
	}
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		if _, err := a.form(); err != nil {
			return err
		}
		c, s, err := a.within(k.need...)
		if err != nil {
			return err
		}
		q := query{ctx: cmd.Context(), app: a, c: c, Scope: s, ids: ids, flags: url.Values{}}
		for name, value := range filters {
			if *value != "" {
				q.flags.Set(name, *value)
			}
		}
		raw, err := k.fetch(q)
		if err != nil {
			return err
		}
		return a.show(raw, func() error {
			t, err := k.table(raw)
			if err != nil {
				return err
			}
			if len(t.rows) == 0 {
				a.note("nothing there")
				return nil
			}
			return a.print(t)
		})
	}
	return cmd
}
