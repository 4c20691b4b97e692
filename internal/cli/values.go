package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// valuesCommand works on the level that the settings name: the Environment, or the Application when there is none.
func (a *app) valuesCommand() *cobra.Command {
	cmd := group("values", "Look at and set Shared Values and secrets")
	var level string
	cmd.PersistentFlags().StringVar(&level, "level", "", "app or env; env when an Environment is known, app otherwise")
	cmd.AddCommand(a.valuesList(&level), a.valuesSet(&level), a.valuesRefer(&level), a.valuesUnset(&level), a.valuesHistory(&level), a.valuesRestore(&level), a.valuesPurge(&level))
	cmd.Long = "Shared Values are set for an Application and may be overridden for one of its Environments."
	return cmd
}

// level connects, with a scope that has an Environment for the level env only.
func (a *app) level(level string) (*client.Client, client.Scope, error) {
	need := needApp
	switch level {
	case "env":
		need = needEnv
	case "app", "":
	default:
		return nil, client.Scope{}, usagef("--level is app or env, got %q", level)
	}
	c, s, err := a.within(need...)
	if level == "app" {
		s.Env = ""
	}
	return c, s, err
}

func levelName(s client.Scope) string {
	if s.Env == "" {
		return "application " + s.App
	}
	return fmt.Sprintf("environment %s of application %s", s.Env, s.App)
}

func (a *app) valuesList(level *string) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List values; those of secrets are never shown", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.level(*level)
			if err != nil {
				return err
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, http.MethodGet, s.LevelPath("values"), nil)
			if err != nil {
				return err
			}
			return a.showTable(raw, columns([]string{"KEY", "VALUE", "SOURCE", "UPDATED", "DESCRIPTION"}, valueRow))
		},
	}
}

// showTable is show with a table for people.
func (a *app) showTable(raw json.RawMessage, columns func(json.RawMessage) (*table, error)) error {
	return a.show(raw, func() error {
		t, err := columns(raw)
		if err != nil {
			return err
		}
		return a.print(t)
	})
}

// valueFlags are what can be said about a value.
type valueFlags struct {
	secret      bool
	description string
}

func (f *valueFlags) bind(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.secret, "secret", false, "keep it as a secret; give the value on standard input (-), where others cannot see it")
	cmd.Flags().StringVar(&f.description, "description", "", "what it is for")
}

// valueArgument is the value as it was given; for - it is read from standard input, without the line break at its end.
func (a *app) valueArgument(given string) (string, error) {
	if given != "-" {
		return given, nil
	}
	if isTerminal(a.in) {
		return a.askSecret("value: ")
	}
	raw, err := a.readFile("-")
	if err != nil {
		return "", err
	}
	text, _ := strings.CutSuffix(string(raw), "\n")
	text, _ = strings.CutSuffix(text, "\r")
	return text, nil
}

func (a *app) valuesSet(level *string) *cobra.Command {
	var flags valueFlags
	cmd := &cobra.Command{
		Use: "set KEY VALUE", Short: "Set a value, new or not; VALUE - is standard input", Args: valueArgs,
		Example: "  slipway values set LOG_LEVEL debug --app shop\n  pass show shop/db | slipway values set DB_PASSWORD - --secret --app shop --env production",
	}
	flags.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		c, s, err := a.level(*level)
		if err != nil {
			return err
		}
		value, err := a.valueArgument(given[1])
		if err != nil {
			return err
		}
		return a.setValue(cmd, c, s, given[0], value, flags)
	}
	return cmd
}

// valueArgs lets a value be empty.
func valueArgs(cmd *cobra.Command, given []string) error {
	if len(given) == 2 && given[1] == "" {
		given = []string{given[0], "-"}
	}
	return args("KEY", "VALUE")(cmd, given)
}

func (a *app) setValue(cmd *cobra.Command, c *client.Client, s client.Scope, key, value string, flags valueFlags) error {
	all, err := c.Values(cmd.Context(), s)
	if err != nil {
		return err
	}
	own := "app"
	if s.Env != "" {
		own = "env"
	}
	isSecret := flags.secret
	for _, v := range all {
		if v.Key != key {
			continue
		}
		if flags.secret && !v.IsSecret {
			return fmt.Errorf("value %s is no secret and cannot become one; unset it first, then set it with --secret", key)
		}
		isSecret = v.IsSecret
		if v.Source == own {
			in := api.PatchValueRequest{Value: &value}
			if cmd.Flags().Changed("description") {
				in.Description = &flags.description
			}
			return a.valueDone(s, key, "changed")(c.PatchValue(cmd.Context(), s, key, in))
		}
	}
	in := api.CreateValueRequest{Key: key, Value: &value, Description: &flags.description, IsSecret: isSecret}
	return a.valueDone(s, key, "set")(c.CreateValue(cmd.Context(), s, in))
}

func (a *app) valueDone(s client.Scope, key, what string) func(api.Value, error) error {
	return func(v api.Value, err error) error {
		if err != nil {
			return err
		}
		return a.showObject(v, func() error {
			a.say("value %s %s for %s; it takes effect with the next deployment", key, what, levelName(s))
			return nil
		})
	}
}

func (a *app) createValue() *cobra.Command {
	var flags valueFlags
	var level string
	cmd := &cobra.Command{Use: "value KEY VALUE", Aliases: []string{"shared-value"}, Short: "Create a Shared Value; VALUE - is standard input", Args: valueArgs}
	flags.bind(cmd)
	cmd.Flags().StringVar(&level, "level", "", "app or env; env when an Environment is known, app otherwise")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		c, s, err := a.level(level)
		if err != nil {
			return err
		}
		value, err := a.valueArgument(given[1])
		if err != nil {
			return err
		}
		in := api.CreateValueRequest{Key: given[0], Value: &value, Description: &flags.description, IsSecret: flags.secret}
		return a.valueDone(s, given[0], "created")(c.CreateValue(cmd.Context(), s, in))
	}
	return cmd
}

func (a *app) valuesUnset(level *string) *cobra.Command {
	return &cobra.Command{
		Use: "unset KEY", Short: "Delete a value of this level", Args: args("KEY"),
		RunE: func(cmd *cobra.Command, given []string) error {
			c, s, err := a.level(*level)
			if err != nil {
				return err
			}
			return a.remove(cmd.Context(), c, s.LevelPath("values", given[0]), fmt.Sprintf("value %s of %s", given[0], levelName(s)))
		},
	}
}
