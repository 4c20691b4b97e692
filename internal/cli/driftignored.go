package cli

import (
	"net/http"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

func (a *app) driftIgnoredCommand() *cobra.Command {
	var organization bool
	var ignore []string
	cmd := &cobra.Command{
		Use: "ignored", Short: "Show or set what is not looked at in all Environments of an Application, or of the organization", Args: noArgs,
		Long: "Without --ignore it shows what is ignored. --ignore names what is not looked at, as KIND/NAME:PATH, where each part may be empty;\n" +
			"given once, it replaces the list, --ignore \"\" empties it. An Environment ignores what its organization, its Application and it\n" +
			"itself say (slipway drift settings).",
		Example: "  slipway drift ignored --organization --ignore :/metadata/annotations/example.com~1scanned-at\n" +
			"  slipway drift ignored --app shop --ignore ConfigMap/feature-flags:/data",
	}
	cmd.Flags().BoolVar(&organization, "organization", false, "for all Applications of the organization")
	cmd.Flags().StringArrayVar(&ignore, "ignore", nil, "what is not looked at, as KIND/NAME:PATH; may be given several times")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		need := needApp
		if organization {
			need = needOrg
		}
		c, s, err := a.within(need...)
		if err != nil {
			return err
		}
		at, of := s.AppPath("drift", "ignored"), "application "+s.App
		if organization {
			at, of = s.OrgPath("drift", "ignored"), "organization "+s.Org
		}
		method, body := http.MethodGet, any(nil)
		if cmd.Flags().Changed("ignore") {
			fields, err := ignoredFields(ignore)
			if err != nil {
				return err
			}
			method, body = http.MethodPut, api.DriftIgnores{Ignore: fields}
		}
		ignored, err := client.Do[api.DriftIgnores](cmd.Context(), c, method, at, body)
		if err != nil {
			return err
		}
		return a.showObject(ignored, func() error {
			if len(ignored.Ignore)+len(ignored.Inherited) == 0 {
				a.say("%s ignores nothing", of)
			}
			a.sayIgnored(ignored.Ignore, ignored.Inherited)
			return nil
		})
	}
	return cmd
}

func (a *app) sayIgnored(own []api.IgnoredField, inherited []api.InheritedField) {
	for _, f := range inherited {
		a.say("ignored: %s/%s:%s (of the %s)", f.Kind, f.Name, f.Path, f.From)
	}
	for _, f := range own {
		a.say("ignored: %s/%s:%s", f.Kind, f.Name, f.Path)
	}
}
