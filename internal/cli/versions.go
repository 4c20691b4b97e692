package cli

import (
	"context"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) pinCommand() *cobra.Command {
	return &cobra.Command{
		Use: "pin TYPE RESOURCE VERSION", Short: "Use a certain version of its definition for an active resource, from the next deployment on",
		Long: "The versions are listed by `slipway get definition-versions DEFINITION`. Take the pin away with `slipway resources unpin`.",
		Args: args("TYPE", "RESOURCE", "VERSION"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.pin(cmd.Context(), given[0], given[1], &given[2])
		},
	}
}

func (a *app) unpinCommand() *cobra.Command {
	return &cobra.Command{
		Use: "unpin TYPE RESOURCE", Short: "Use the active version of its definition again, from the next deployment on", Args: args("TYPE", "RESOURCE"),
		RunE: func(cmd *cobra.Command, given []string) error { return a.pin(cmd.Context(), given[0], given[1], nil) },
	}
}

func (a *app) pin(ctx context.Context, resourceType, id string, version *string) error {
	c, s, err := a.within(needEnv...)
	if err != nil {
		return err
	}
	path := s.EnvPath("resources", resourceType, id, "actions", "pin")
	r, err := client.Do[api.ActiveResource](ctx, c, http.MethodPost, path, api.PinResourceRequest{TargetDefVersionID: version})
	if err != nil {
		return err
	}
	key := resourceKey(r.Type, r.Class, r.ResID)
	if version == nil {
		a.say("%s uses the active version of %s from the next deployment on", key, r.DefID)
		return nil
	}
	a.say("%s uses version %s of %s from the next deployment on", key, *version, r.DefID)
	return nil
}

func (a *app) promoteCommand() *cobra.Command {
	return &cobra.Command{
		Use: "promote DEFINITION VERSION", Short: "Put a proposed or an older version of a Resource Definition into use", Args: args("DEFINITION", "VERSION"),
		RunE: func(cmd *cobra.Command, given []string) error {
			return a.actOnVersion(cmd.Context(), given, "promote", nil, "is active")
		},
	}
}

func (a *app) archiveCommand() *cobra.Command {
	var undo bool
	cmd := &cobra.Command{
		Use: "archive DEFINITION VERSION", Short: "Forbid the use of a version of a Resource Definition for anything new", Args: args("DEFINITION", "VERSION"),
		RunE: func(cmd *cobra.Command, given []string) error {
			archived, state := !undo, "is archived"
			if undo {
				state = "is no longer archived"
			}
			return a.actOnVersion(cmd.Context(), given, "archive", map[string]bool{"archived": archived}, state)
		},
	}
	cmd.Flags().BoolVar(&undo, "undo", false, "allow it again")
	return cmd
}

func (a *app) actOnVersion(ctx context.Context, given []string, action string, body any, state string) error {
	c, s, err := a.within(needOrg...)
	if err != nil {
		return err
	}
	path := s.OrgPath("resources", "defs", given[0], "versions", given[1], "actions", action)
	if _, err := client.Do[client.None](ctx, c, http.MethodPost, path, body); err != nil {
		return err
	}
	a.say("version %s of %s %s", given[1], given[0], state)
	return nil
}
