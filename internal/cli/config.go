package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

func (a *app) configCommand() *cobra.Command {
	return group("config", "Look at and change the settings of the command line",
		a.configShow(), a.configSet(), a.configUse(), a.configPath())
}

// shownSetting is a setting as `config show` prints it.
type shownSetting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

func (a *app) configShow() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "Show the settings in use, and where each comes from", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			found, err := a.settings()
			if err != nil {
				return err
			}
			out := []shownSetting{}
			t := newTable("SETTING", "VALUE", "FROM")
			for _, name := range settingNames {
				value := found[name].value
				if name == "token" && value != "" {
					value = "(set)"
				}
				out = append(out, shownSetting{name, value, found[name].from})
				t.add(name, value, found[name].from)
			}
			return a.showObject(out, func() error { return a.print(t) })
		},
	}
}

// contexts reads the file that is in use.
func (a *app) contexts() (string, *contextFile, error) {
	file, err := findContextFile(a.getenv, a.dir)
	if err != nil {
		return "", nil, err
	}
	contexts, err := readContexts(file)
	return file, contexts, err
}

func (a *app) configSet() *cobra.Command {
	return &cobra.Command{
		Use: "set SETTING VALUE", Short: "Keep a setting (org, app, env or url) in the current context; an empty value forgets it",
		Args: func(cmd *cobra.Command, given []string) error {
			if len(given) != 2 || !slices.Contains([]string{"url", "org", "app", "env"}, given[0]) {
				return usagef("%s needs one of url, org, app, env, and its value; a token is kept by: slipway login", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, given []string) error {
			file, contexts, err := a.contexts()
			if err != nil {
				return err
			}
			current := contexts.current()
			if current == nil {
				return fmt.Errorf("there is no context to keep it in; make one with: slipway login --url <address>")
			}
			fields := map[string]*string{"url": &current.URL, "org": &current.Org, "app": &current.App, "env": &current.Env}
			if given[0] == "url" && !sameServer(current.URL, given[1]) {
				current.Token = "" // it was made for the other server
			}
			*fields[given[0]] = given[1]
			if err := contexts.write(file); err != nil {
				return err
			}
			a.say("%s is now %q in context %s", given[0], given[1], contexts.Current)
			return nil
		},
	}
}

func (a *app) configUse() *cobra.Command {
	return &cobra.Command{
		Use: "use [CONTEXT]", Short: "Choose the current context, or list them", Args: args("[CONTEXT]"),
		RunE: func(_ *cobra.Command, given []string) error {
			file, contexts, err := a.contexts()
			if err != nil {
				return err
			}
			if len(given) == 0 {
				t := newTable("CURRENT", "CONTEXT", "URL", "ORG")
				for _, name := range contexts.names() {
					mark := ""
					if name == contexts.Current {
						mark = "*"
					}
					t.add(mark, name, contexts.Contexts[name].URL, contexts.Contexts[name].Org)
				}
				return a.print(t)
			}
			if contexts.Contexts[given[0]] == nil {
				return fmt.Errorf("%s has no context %q (it has: %s)", file, given[0], orNone(contexts.names()))
			}
			contexts.Current = given[0]
			if err := contexts.write(file); err != nil {
				return err
			}
			a.say("using context %s", given[0])
			return nil
		},
	}
}

func (a *app) configPath() *cobra.Command {
	return &cobra.Command{
		Use: "path", Short: "Show which file the contexts are in", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			file, err := findContextFile(a.getenv, a.dir)
			if err != nil {
				return err
			}
			a.say("%s", file)
			return nil
		},
	}
}
