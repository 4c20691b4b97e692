package cli

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) loginCommand() *cobra.Command {
	var name string
	var how loginBy
	cmd := &cobra.Command{
		Use: "login", Short: "Keep address and token of a server as a context", Args: noArgs,
		Long: "Checks the token with the server and keeps it, readable by you only. Without --token it is asked for, or read from\n" +
			"standard input. With --sso you sign in with a browser, with --invitation you accept an invitation. The context becomes the\n" +
			"current one.",
		Example: "  slipway login --url https://slipway.example.com\n  echo $TOKEN | slipway login --url https://slipway.example.com --org my-org",
	}
	cmd.Flags().StringVar(&name, "name", "", "name of the context; the host of the address when absent")
	cmd.Flags().BoolVar(&how.sso, "sso", false, "sign in with a browser, at the identity provider of the server")
	cmd.Flags().StringVar(&how.invitation, "invitation", "", "accept the invitation with this token, and keep the token of yours that comes of it")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.login(cmd.Context(), name, how) }
	return cmd
}

// loginBy says how somebody logs in; the zero value is with a token.
type loginBy struct {
	sso        bool
	invitation string
}

// loginToken finds the token to log in with.
func (a *app) loginToken(ctx context.Context, address string, how loginBy) (string, error) {
	if how.sso {
		return a.signIn(ctx, address)
	}
	if how.invitation != "" {
		return a.acceptInvitation(ctx, address, how.invitation)
	}
	// A token of a context is no new one; only what was given for this login counts.
	if token := *a.flags["token"]; token != "" {
		return token, nil
	}
	if token := a.getenv("SLIPWAY_TOKEN"); token != "" {
		return token, nil
	}
	return a.readToken(address)
}

func (a *app) login(ctx context.Context, name string, how loginBy) error {
	found, err := a.settings()
	if err != nil {
		return err
	}
	address := strings.TrimRight(found["url"].value, "/")
	if address == "" {
		return usagef("no server: add --url <address>")
	}
	if how.sso && how.invitation != "" {
		return usagef("--sso and --invitation cannot be used together: signing in accepts the invitation")
	}
	token, err := a.loginToken(ctx, address, how)
	if err != nil {
		return err
	}
	if err := a.keepLogin(ctx, name, address, token); err != nil {
		if how.invitation != "" { // it cannot be accepted twice
			a.note("the invitation is accepted, but the context could not be kept; your token: " + token)
		}
		return err
	}
	return nil
}

// keepLogin checks a token and keeps it as a context.
func (a *app) keepLogin(ctx context.Context, name, address, token string) error {
	c, err := a.clientFor(address, token)
	if err != nil {
		return err
	}
	user, err := c.CurrentUser(ctx)
	if err != nil {
		return fmt.Errorf("%s did not accept the token: %w", address, err)
	}
	org, err := a.chooseOrg(ctx, c)
	if err != nil {
		return err
	}
	file, err := findContextFile(a.getenv, a.dir)
	if err != nil {
		return err
	}
	if err := SaveContext(file, contextName(name, address), address, org, token); err != nil {
		return err
	}
	a.say("logged in to %s as %s", address, or(user.Name, user.ID))
	if org != "" {
		a.say("organization %s", org)
	}
	a.say("context %s kept in %s", contextName(name, address), file)
	return nil
}

func contextName(name, address string) string {
	if name != "" {
		return name
	}
	if parsed, err := url.Parse(address); err == nil && parsed.Host != "" {
		return parsed.Host
	}
	return "default"
}

// chooseOrg takes the organization that was named, or the only one there is.
func (a *app) chooseOrg(ctx context.Context, c *client.Client) (string, error) {
	named := *a.flags["org"]
	if named == "" {
		named = a.getenv("SLIPWAY_ORG")
	}
	orgs, err := c.Organizations(ctx)
	if err != nil {
		return "", fmt.Errorf("list your organizations: %w", err)
	}
	var ids []string
	for _, o := range orgs {
		ids = append(ids, o.ID)
	}
	if named != "" && !slices.Contains(ids, named) {
		return "", fmt.Errorf("organization %s is none of yours (%s)", named, orNone(ids))
	}
	if named == "" && len(orgs) == 1 {
		return orgs[0].ID, nil
	}
	if named == "" {
		a.note("you belong to several organizations (" + orNone(ids) + "); choose one with: slipway config set org <id>")
	}
	return named, nil
}

// readToken asks without showing what is typed, or reads a line from standard input.
func (a *app) readToken(address string) (string, error) {
	read := func() (string, error) {
		raw, err := a.readFile("-")
		return string(raw), err
	}
	if isTerminal(a.in) {
		read = func() (string, error) { return a.askSecret("token for " + address + ": ") }
	}
	token, err := read()
	if err != nil {
		return "", err
	}
	if token = strings.TrimSpace(token); token == "" {
		return "", usagef("no token: give it on standard input, with --token, or in SLIPWAY_TOKEN")
	}
	return token, nil
}
