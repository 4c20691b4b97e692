package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/slipway-dev/slipway/internal/client"
)

// setting is one of the things a command needs to know, and where it came from.
type setting struct {
	value string
	from  string // --org, SLIPWAY_ORG, or the name of a file
}

// settingNames lists the settings in the order they are shown.
var settingNames = []string{"url", "token", "org", "app", "env"}

// settingDocs explains them, for flags and the reference.
var settingDocs = map[string]struct{ env, usage, noun string }{
	"url":   {"SLIPWAY_URL", "address of the API", "server"},
	"token": {"SLIPWAY_TOKEN", "API token; better in the environment or a context, where it is not seen by others", "token"},
	"org":   {"SLIPWAY_ORG", "organization", "organization"},
	"app":   {"SLIPWAY_APP", "Application", "Application"},
	"env":   {"SLIPWAY_ENV", "Environment", "Environment"},
}

func bindSettings(flags *pflag.FlagSet) map[string]*string {
	out := map[string]*string{}
	for _, name := range settingNames {
		doc := settingDocs[name]
		out[name] = flags.String(name, "", fmt.Sprintf("%s (%s)", doc.usage, doc.env))
	}
	return out
}

// settings looks everything up: flag, else environment, else the current context. The token of a context is used for the
// server of that context only.
func (a *app) settings() (map[string]setting, error) {
	if a.found != nil {
		return a.found, nil
	}
	file, err := findContextFile(a.getenv, a.dir)
	if err != nil {
		return nil, err
	}
	contexts, err := readContexts(file)
	if err != nil {
		return nil, err
	}
	current := contexts.current()
	if current == nil {
		current = &serverContext{}
	}
	kept := map[string]string{"url": current.URL, "token": current.Token, "org": current.Org, "app": current.App, "env": current.Env}
	out := map[string]setting{}
	for _, name := range settingNames {
		env := settingDocs[name].env
		switch {
		case a.root.PersistentFlags().Changed(name):
			out[name] = setting{*a.flags[name], "--" + name}
		case a.getenv(env) != "":
			out[name] = setting{a.getenv(env), env}
		case kept[name] != "":
			out[name] = setting{kept[name], fmt.Sprintf("%s (context %s)", file, contexts.Current)}
		}
	}
	if out["token"].value == current.Token && current.Token != "" && !sameServer(out["url"].value, current.URL) {
		delete(out, "token")
	}
	a.found = out
	return out, nil
}

// scope gives organization, Application and Environment as far as they are known, and refuses when one of need is not.
func (a *app) scope(need ...string) (client.Scope, error) {
	found, err := a.settings()
	if err != nil {
		return client.Scope{}, err
	}
	for _, name := range []string{"org", "app", "env"} {
		if slices.Contains(need, name) && found[name].value == "" {
			doc := settingDocs[name]
			return client.Scope{}, usagef("no %s: add --%s, set %s, or keep one with: slipway config set %s <id>",
				doc.noun, name, doc.env, name)
		}
	}
	return client.Scope{Org: found["org"].value, App: found["app"].value, Env: found["env"].value}, nil
}

// connect makes the client for the server that the settings name.
func (a *app) connect() (*client.Client, error) {
	found, err := a.settings()
	if err != nil {
		return nil, err
	}
	if found["url"].value == "" {
		return nil, usagef("no server: add --url, set SLIPWAY_URL, or log in with: slipway login --url <address>")
	}
	return a.clientFor(found["url"].value, found["token"].value)
}

func (a *app) clientFor(url, token string) (*client.Client, error) {
	c, err := client.New(client.Options{URL: url, Token: token, UserAgent: "slipway/" + a.version, Notify: a.note})
	if err != nil {
		return nil, &usageError{err.Error()}
	}
	return c, nil
}

// within is connect and scope in one.
func (a *app) within(need ...string) (*client.Client, client.Scope, error) {
	s, err := a.scope(need...)
	if err != nil {
		return nil, s, err
	}
	c, err := a.connect()
	return c, s, err
}
