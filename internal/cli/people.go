package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func notDocumented(err error) error {
	return fmt.Errorf("the answer is not what the API documents: %w", err)
}

func (a *app) createServiceUser() *cobra.Command {
	var role, email string
	cmd := &cobra.Command{
		Use: "service-user NAME", Short: "Create a user for a machine", Args: args("NAME"),
		Long:    "Creates a user for a machine. It has no token yet: make one with `slipway create token ID --user USER`.",
		Example: "  slipway create service-user ci --role artefactContributor",
	}
	cmd.Flags().StringVar(&role, "role", "member", "role in the organization")
	cmd.Flags().StringVar(&email, "email", "", "address of those responsible for it")
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		made, err := client.Do[api.UserProfile](cmd.Context(), c, http.MethodPost, s.OrgPath("users"),
			api.ServiceUserRequest{Name: names[0], Role: role, Email: email})
		if err != nil {
			return err
		}
		return a.showObject(made, func() error {
			a.say("service user %s created: %s", names[0], made.ID)
			return nil
		})
	}
	return cmd
}

func (a *app) createGroup() *cobra.Command {
	var role, idp string
	cmd := &cobra.Command{
		Use: "group NAME", Short: "Give a group of an identity provider a role", Args: args("NAME"),
		Long: "Gives a group of an identity provider a role in the organization. NAME is the group's name there. Who is in it is told by the\n" +
			"provider at each sign-in, or with `slipway create group-user`.",
	}
	cmd.Flags().StringVar(&role, "role", "member", "role in the organization")
	cmd.Flags().StringVar(&idp, "provider", "oidc", "identity provider, as the server's setting oidc-idp-id names it")
	cmd.RunE = func(cmd *cobra.Command, names []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		made, err := client.Do[api.GroupWithRole](cmd.Context(), c, http.MethodPost, s.OrgPath("groups"),
			api.GroupRequest{GroupID: names[0], IDPID: idp, Role: role})
		if err != nil {
			return err
		}
		return a.showObject(made, func() error {
			a.say("group %s created: %s", names[0], made.ID)
			return nil
		})
	}
	return cmd
}

func (a *app) createGroupUser() *cobra.Command {
	return &cobra.Command{
		Use: "group-user GROUP USER", Short: "Put a user into a group", Args: args("GROUP", "USER"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			if _, err := client.Do[client.None](cmd.Context(), c, http.MethodPut, s.OrgPath("groups", ids[0], "users", ids[1]), nil); err != nil {
				return err
			}
			a.say("user %s is in group %s", ids[1], ids[0])
			return nil
		},
	}
}

func (a *app) createInvitation() *cobra.Command {
	var role string
	cmd := &cobra.Command{
		Use: "invitation EMAIL", Aliases: []string{"invite"}, Short: "Invite a person to the organization", Args: args("EMAIL"),
		Long: "Invites a person for 24 hours. No e-mail is sent: the token is printed, this once, for you to pass on. The person signs in\n" +
			"with this address, or runs `slipway login --invitation TOKEN`. Inviting again replaces the invitation.",
	}
	cmd.Flags().StringVar(&role, "role", "member", "role in the organization")
	cmd.RunE = func(cmd *cobra.Command, emails []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		made, err := client.Do[[]api.NewInvitation](cmd.Context(), c, http.MethodPost, s.OrgPath("invitations"),
			api.InvitationRequest{Email: emails[0], Role: role})
		if err != nil {
			return err
		}
		return a.showObject(made, func() error {
			for _, i := range made {
				a.note(fmt.Sprintf("%s is invited as user %s until %s; no e-mail is sent, pass this token on, it cannot be shown again:",
					emails[0], i.ID, ago(i.ExpiresAt)))
				fmt.Fprintln(a.out, i.InviteToken)
			}
			return nil
		})
	}
	return cmd
}

// peopleDeletables are users, groups and memberships.
func peopleDeletables() []deletable {
	user := func(s client.Scope, ids []string) string { return s.OrgPath("users", ids[0]) }
	return []deletable{
		{name: "user", aliases: []string{"service-user", "invitation"}, short: "Take a user out of the organization", need: needOrg, args: []string{"USER"},
			long:    "Takes a person, service user or somebody invited out of the organization, with all roles in it.",
			warning: "all its roles in the organization; a service user goes with its tokens", path: user},
		{name: "group", short: "Delete a group of users", need: needOrg, args: []string{"GROUP"}, warning: "the roles that its members have through it", path: user},
		{name: "group-user", short: "Take a user out of a group", need: needOrg, args: []string{"GROUP", "USER"},
			path: func(s client.Scope, ids []string) string { return s.OrgPath("groups", ids[0], "users", ids[1]) }},
	}
}

// roleLevel names what a role is held on.
type roleLevel struct{ level, envType string }

func (a *app) rolesCommand() *cobra.Command {
	cmd := group("roles", "Look at, give and take roles")
	cmd.Long = "Roles are held on the organization, on an Application (--level app) or on an Environment Type (--env-type TYPE). The\n" +
		"reference of roles says which one permits what."
	var l roleLevel
	cmd.PersistentFlags().StringVar(&l.level, "level", "org", "org or app")
	cmd.PersistentFlags().StringVar(&l.envType, "env-type", "", "Environment Type on which the role is held")
	cmd.AddCommand(a.rolesList(&l), a.rolesSet(&l), a.rolesUnset(&l))
	return cmd
}

// rolesPath connects, and says where the roles of the level are.
func (a *app) rolesPath(l roleLevel) (c *client.Client, path, name string, err error) {
	need := needOrg
	if l.level == "app" {
		need = needApp
	} else if l.level != "org" {
		return nil, "", "", usagef("--level is org or app, got %q", l.level)
	}
	if l.envType != "" && l.level == "app" {
		return nil, "", "", usagef("--level app and --env-type cannot be used together")
	}
	c, s, err := a.within(need...)
	switch {
	case l.envType != "":
		return c, s.OrgPath("env-types", l.envType, "users"), "environment type " + l.envType, err
	case l.level == "app":
		return c, s.AppPath("users"), "application " + s.App, err
	}
	return c, s.OrgPath("users"), "organization " + s.Org, err
}

func (a *app) rolesList(l *roleLevel) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List who has which role", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, path, _, err := a.rolesPath(*l)
			if err != nil {
				return err
			}
			raw, err := c.Get(cmd.Context(), path)
			if err != nil {
				return err
			}
			return a.show(raw, func() error {
				t, err := userTable(raw)
				if err != nil {
					return err
				}
				return a.print(t)
			})
		},
	}
}

func (a *app) rolesSet(l *roleLevel) *cobra.Command {
	return &cobra.Command{
		Use: "set USER ROLE", Short: "Give a user or group a role, or another one", Args: args("USER", "ROLE"),
		Example: "  slipway roles set USER manager\n  slipway roles set USER developer --level app --app shop\n  slipway roles set USER deployer --env-type production",
		RunE: func(cmd *cobra.Command, given []string) error {
			c, path, name, err := a.rolesPath(*l)
			if err != nil {
				return err
			}
			user, role := given[0], given[1]
			method, body := http.MethodPost, any(api.UserRoleRequest{ID: user, Role: role})
			if l.level == "org" && l.envType == "" { // a POST there makes service users
				method, path, body = http.MethodPatch, path+client.Path(user), api.RoleRequest{Role: role}
			}
			raw, err := client.Do[json.RawMessage](cmd.Context(), c, method, path, body)
			if err != nil {
				return err
			}
			return a.show(raw, func() error {
				a.say("%s is %s of %s", user, role, name)
				return nil
			})
		},
	}
}

func (a *app) rolesUnset(l *roleLevel) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{Use: "unset USER", Short: "Take a role away; that on the organization takes all others along", Args: args("USER")}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		c, path, name, err := a.rolesPath(*l)
		if err != nil {
			return err
		}
		if err := a.confirm("take the role of "+given[0]+" on "+name+" away", yes); err != nil {
			return err
		}
		return a.remove(cmd.Context(), c, path+client.Path(given[0]), "role of "+given[0]+" on "+name)
	}
	return cmd
}

func (a *app) auditCommand() *cobra.Command {
	return group("audit", "Export the audit log; `get audit` shows it", a.auditExport())
}

func (a *app) auditExport() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use: "export", Short: "Write the audit log to standard output, newest first", Args: noArgs,
		Example: "  slipway audit export --format csv --from 2026-01-01T00:00:00Z > audit.csv",
	}
	cmd.Flags().StringVar(&format, "format", "jsonl", "jsonl (one JSON object per line) or csv")
	from := cmd.Flags().String("from", "", "only entries from then on, such as 2026-01-01T00:00:00Z")
	to := cmd.Flags().String("to", "", "only entries up to then")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		query := url.Values{"format": {format}}
		for name, value := range map[string]string{"from": *from, "to": *to} {
			if value != "" {
				query.Set(name, value)
			}
		}
		raw, err := c.Send(cmd.Context(), http.MethodGet, s.OrgPath("audit-logs", "export")+"?"+query.Encode(), nil)
		if err != nil {
			return err
		}
		_, err = a.out.Write(raw)
		return err
	}
	return cmd
}
