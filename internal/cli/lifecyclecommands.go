package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// lifecycleCommands are the commands of how environments come and go.
func (a *app) lifecycleCommands() []*cobra.Command {
	return []*cobra.Command{
		group("env", "Make, clone, extend and watch over Environments",
			a.envCreateCommand(false), a.envCreateCommand(true), a.envExtendCommand(), a.envDeleteCommand(), a.envLifetimeCommand(), a.envRequestsCommand(), a.envCancelCommand(), a.envStatusCommand()),
		a.previewCommand(), a.receiverCommand(), a.freezeCommand(), a.promotionsCommand(), a.promoteEnvCommand(),
	}
}

// envFlags are the flags of a request for an environment.
type envFlags struct {
	in                      api.CreateEnvironmentRequestRequest
	values                  []string
	ttl, warnBefore, idle   string
	protected, wait, noCopy bool
	timeout                 time.Duration
}

func (f *envFlags) bind(cmd *cobra.Command, clone bool) {
	flags := cmd.Flags()
	flags.StringVar(&f.in.Name, "name", "", "display name; the id when absent")
	flags.StringVar(&f.in.Type, "type", "", "Environment Type; that of what it starts from, or development")
	if clone {
		flags.BoolVar(&f.noCopy, "without-values", false, "do not copy the Shared Values that the Environment overrides")
	} else {
		flags.StringVar(&f.in.FromEnv, "from", "", "Environment whose newest succeeded deployment it starts from")
		flags.StringVar(&f.in.FromDeployID, "from-deploy", "", "deployment that it starts from")
	}
	flags.StringArrayVar(&f.values, "value", nil, "override a Shared Value, KEY=VALUE; repeat it for more. A key that is a secret of the Application stays one; prefer slipway values for secrets, as others may see arguments")
	flags.BoolVar(&f.in.Deploy, "deploy", false, "deploy at once")
	flags.StringVarP(&f.in.Comment, "message", "m", "", "why; kept as the comment of that deployment")
	flags.StringVar(&f.in.OnFailure, "on-failure", "", "keep or teardown: what becomes of it when that deployment fails; keep when absent")
	flags.StringVar(&f.in.FreezeOverride, "override-freeze", "", "why it is to be deployed during a freeze window")
	flags.StringVar(&f.ttl, "ttl", "", "time to live, such as 8h, 3d or 2w")
	flags.StringVar(&f.warnBefore, "warn-before", "", "how long before the end webhooks are told (environment.expiring)")
	flags.StringVar(&f.idle, "idle-after", "", "end it when nothing was deployed to it for so long")
	flags.BoolVar(&f.protected, "protected", false, "never remove it by itself")
	flags.BoolVar(&f.wait, "wait", false, "follow the request until it is over; the exit code says how it ended")
	flags.DurationVar(&f.timeout, "timeout", 0, "wait that long at most; the request goes on afterwards (implies --wait)")
}

// request completes what is sent.
func (f *envFlags) request(cmd *cobra.Command) (api.CreateEnvironmentRequestRequest, error) {
	for _, pair := range f.values {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return f.in, usagef("--value: expected KEY=VALUE, got %q", pair)
		}
		f.in.Values = append(f.in.Values, api.EnvironmentValue{Key: key, Value: &value})
	}
	f.in.TTL, f.in.WarnBefore, f.in.IdleAfter = given(cmd, "ttl", &f.ttl), given(cmd, "warn-before", &f.warnBefore), given(cmd, "idle-after", &f.idle)
	if f.protected {
		f.in.Protected = &f.protected
	}
	if f.timeout < 0 {
		return f.in, usagef("--timeout must not be negative")
	}
	return f.in, nil
}

// given is the value of a flag that was given, nil otherwise.
func given[V any](cmd *cobra.Command, flag string, value *V) *V {
	if cmd.Flags().Changed(flag) {
		return value
	}
	return nil
}

func (a *app) envCreateCommand(clone bool) *cobra.Command {
	var f envFlags
	cmd := &cobra.Command{Use: "create ID", Short: "Make an Environment as one durable process", Args: args("ID"),
		Long: "Makes an Environment: from nothing, from what another one runs (--from), or from a deployment (--from-deploy), with values of its\n" +
			"own, and deploys it at once when asked. It goes on when this program ends."}
	if clone {
		cmd = &cobra.Command{Use: "clone SOURCE ID", Short: "Make an Environment like another one: what it runs, and the values it overrides", Args: args("SOURCE", "ID"),
			Long: "Makes an Environment with what another one runs and the Shared Values that it overrides, secrets included. Resources are never\n" +
				"copied: the new Environment gets its own."}
	}
	f.bind(cmd, clone)
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		in, err := f.request(cmd)
		if err != nil {
			return err
		}
		in.ID = ids[len(ids)-1]
		if clone {
			in.FromEnv, in.CopyValues = ids[0], !f.noCopy
		}
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		up, err := client.Do[api.EnvironmentRequest](cmd.Context(), c, http.MethodPost, s.AppPath("env-requests"), in)
		if err != nil {
			return err
		}
		a.say("environment %s made, request %s", up.EnvID, up.ID)
		if !f.wait && f.timeout == 0 {
			return a.showObject(up, func() error { return nil })
		}
		return a.followRequest(cmd.Context(), c, s, up, f.timeout)
	}
	return cmd
}

func (a *app) envExtendCommand() *cobra.Command {
	var by, ttl, warn, idle string
	var protected bool
	cmd := &cobra.Command{Use: "extend ENV", Short: "Change when an Environment ends by itself", Args: args("ENV"),
		Long: "Without flags the end is put off by a day. Time spans are such as 90m, 8h, 3d or 2w; 0s takes an end away."}
	cmd.Flags().StringVar(&by, "by", "", "how much later it ends")
	cmd.Flags().StringVar(&ttl, "ttl", "", "time to live from now on, instead of the end that is set")
	cmd.Flags().StringVar(&warn, "warn-before", "", "how long before the end webhooks are told (environment.expiring)")
	cmd.Flags().StringVar(&idle, "idle-after", "", "end it when nothing was deployed to it for so long")
	cmd.Flags().BoolVar(&protected, "protected", false, "never remove it by itself; --protected=false allows it again")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		s.Env = ids[0]
		in := api.EnvironmentLifetimeChange{
			TTL: given(cmd, "ttl", &ttl), ExtendBy: given(cmd, "by", &by), WarnBefore: given(cmd, "warn-before", &warn),
			IdleAfter: given(cmd, "idle-after", &idle), Protected: given(cmd, "protected", &protected),
		}
		if in == (api.EnvironmentLifetimeChange{}) {
			day := "1d"
			in.ExtendBy = &day
		}
		l, err := client.Do[api.EnvironmentLifetime](cmd.Context(), c, http.MethodPatch, s.EnvPath("lifetime"), in)
		if err != nil {
			return err
		}
		return a.showLifetime(s.Env, l)
	}
	return cmd
}

func (a *app) envLifetimeCommand() *cobra.Command {
	return &cobra.Command{Use: "lifetime ENV", Short: "Show when an Environment ends by itself, and why", Args: args("ENV"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			s.Env = ids[0]
			l, err := client.Do[api.EnvironmentLifetime](cmd.Context(), c, http.MethodGet, s.EnvPath("lifetime"), nil)
			if err != nil {
				return err
			}
			return a.showLifetime(s.Env, l)
		}}
}

func (a *app) showLifetime(env string, l api.EnvironmentLifetime) error {
	return a.showObject(l, func() error {
		switch {
		case l.Protected:
			a.say("environment %s is protected: it does not end by itself", env)
		case l.EndsAt == nil:
			a.say("environment %s does not end by itself", env)
		default:
			a.say("environment %s ends at %s (%s)", env, l.EndsAt.Format(time.RFC3339), l.Reason)
		}
		return nil
	})
}

var requestTable = columns([]string{"ID", "ENV", "KIND", "STATUS", "PHASE", "DEPLOYMENT", "CREATED", "WHY"}, func(r api.EnvironmentRequest) []string {
	return []string{r.ID, r.EnvID, r.Kind, r.Status, r.Phase, r.DeploymentID, ago(r.CreatedAt), r.Message}
})

func (a *app) envRequestsCommand() *cobra.Command {
	return &cobra.Command{Use: "requests", Short: "List the requests for Environments, newest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			raw, err := c.Get(cmd.Context(), s.AppPath("env-requests"))
			if err != nil {
				return err
			}
			return a.showTable(raw, requestTable)
		}}
}

func (a *app) envCancelCommand() *cobra.Command {
	return &cobra.Command{Use: "cancel REQUEST", Short: "Ask for the end of a request for an Environment", Args: args("REQUEST"),
		Long: "Its deployment is cancelled. What was made is kept or taken down, as the request says for a failure (--on-failure).",
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			up, err := client.Do[api.EnvironmentRequest](cmd.Context(), c, http.MethodPost, s.AppPath("env-requests", ids[0], "cancel"), nil)
			if err != nil {
				return err
			}
			return a.showObject(up, func() error {
				a.say("the end of request %s for environment %s was asked for", up.ID, up.EnvID)
				return nil
			})
		}}
}

func (a *app) envStatusCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "status", Short: "Show what runs where: Environments with the images of their workloads", Args: noArgs,
		Example: "  slipway env status\n  slipway env status --follow"}
	var follow bool
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "what is so now, and what changes in the Application, until it is interrupted or the Application is gone")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needApp...)
		if err != nil {
			return err
		}
		if follow {
			return a.followPath(cmd.Context(), c, s.AppPath("events"), a.teller().application)
		}
		raw, err := c.Get(cmd.Context(), s.AppPath("status"))
		if err != nil {
			return err
		}
		return a.showTable(raw, statusTable)
	}
	return cmd
}

// statusTable has a line for each container of each workload of each environment.
func statusTable(raw json.RawMessage) (*table, error) {
	var status api.ApplicationStatus
	if err := json.Unmarshal(raw, &status); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	t := newTable("ENV", "TYPE", "WORKLOAD", "IMAGE", "DEPLOYMENT", "LAST", "NOTE")
	for _, e := range status.Environments {
		running, last := "", ""
		if e.Running != nil {
			running = e.Running.ID
		}
		if e.LastDeploy != nil {
			last = outcomeOf(*e.LastDeploy)
		}
		if len(e.Workloads) == 0 {
			t.add(e.ID, e.Type, "", "", running, last, noteOf(e))
		}
		for _, w := range e.Workloads {
			var images []string
			for _, container := range w.Containers {
				images = append(images, container.Image)
			}
			t.add(e.ID, e.Type, w.ID, strings.Join(images, " "), running, last, noteOf(e))
		}
	}
	return t, nil
}

// noteOf is what else one should know of an environment.
func noteOf(e api.EnvironmentStatus) string {
	var notes []string
	if e.Status != "active" {
		notes = append(notes, e.Status)
	}
	if e.FrozenUntil != nil {
		notes = append(notes, "frozen until "+e.FrozenUntil.Format(time.RFC3339))
	}
	if e.EndsAt != nil {
		notes = append(notes, "ends "+e.EndsAt.Format(time.RFC3339))
	}
	if e.Protected {
		notes = append(notes, "protected")
	}
	return strings.Join(notes, ", ")
}

func (a *app) freezeCommand() *cobra.Command {
	return group("freeze", "Freeze windows: recurring times in which Environments of a type accept no deployments", a.freezeList(), a.freezeAdd(), a.freezeRemove())
}

var freezeTable = columns([]string{"ID", "TYPE", "BEGINS", "LASTS", "ZONE", "OPEN UNTIL", "OPENS NEXT", "WHY"}, func(w api.FreezeWindow) []string {
	text := func(t *api.Time) string {
		if t == nil {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	return []string{w.ID, w.EnvType, w.Cron, w.Duration, w.TimeZone, text(w.OpenUntil), text(w.OpensNext), w.Description}
})

func (a *app) freezeList() *cobra.Command {
	return &cobra.Command{Use: "list [TYPE]", Short: "List the freeze windows of all Environment Types, or of one", Args: args("[TYPE]"),
		RunE: func(cmd *cobra.Command, types []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			path := s.OrgPath("freeze-windows")
			if len(types) == 1 {
				path = s.OrgPath("env-types", types[0], "freeze-windows")
			}
			raw, err := c.Get(cmd.Context(), path)
			if err != nil {
				return err
			}
			return a.showTable(raw, freezeTable)
		}}
}

func (a *app) freezeAdd() *cobra.Command {
	var in api.CreateFreezeWindowRequest
	cmd := &cobra.Command{Use: "add TYPE", Short: "Add a freeze window to an Environment Type", Args: args("TYPE"),
		Long: "Nothing is deployed to production from Friday 16:00 to Monday 8:00:\n\n" +
			"  slipway freeze add production --cron '0 16 * * 5' --for 64h --zone Europe/Berlin"}
	cmd.Flags().StringVar(&in.Cron, "cron", "", "when it begins: minute, hour, day, month, weekday")
	cmd.Flags().StringVar(&in.Duration, "for", "", "how long it lasts, such as 64h or 2d16h")
	cmd.Flags().StringVar(&in.TimeZone, "zone", "UTC", "time zone of the IANA database")
	cmd.Flags().StringVarP(&in.Description, "message", "m", "", "why")
	cmd.RunE = func(cmd *cobra.Command, types []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		w, err := client.Do[api.FreezeWindow](cmd.Context(), c, http.MethodPost, s.OrgPath("env-types", types[0], "freeze-windows"), in)
		if err != nil {
			return err
		}
		return a.showObject(w, func() error {
			a.say("freeze window %s added to environment type %s", w.ID, w.EnvType)
			return nil
		})
	}
	return cmd
}

func (a *app) freezeRemove() *cobra.Command {
	return &cobra.Command{Use: "remove TYPE WINDOW", Short: "Remove a freeze window", Args: args("TYPE", "WINDOW"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			if _, err := c.Delete(cmd.Context(), s.OrgPath("env-types", ids[0], "freeze-windows", ids[1])); err != nil {
				return err
			}
			a.say("freeze window %s removed", ids[1])
			return nil
		}}
}

func (a *app) promotionsCommand() *cobra.Command {
	show := &cobra.Command{Use: "show", Short: "Show the promotion path with what runs at each station", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needApp...)
			if err != nil {
				return err
			}
			raw, err := c.Get(cmd.Context(), s.AppPath("status"))
			if err != nil {
				return err
			}
			return a.showTable(raw, pathTable)
		}}
	set := &cobra.Command{Use: "set STATION...", Short: "Set the promotion path: Environments, or type:TYPE for all of a type, first to last", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, stations []string) error {
			in := api.SetPromotionPathRequest{}
			for _, station := range stations {
				step := api.PromotionStep{Env: station}
				if name, isType := strings.CutPrefix(station, "type:"); isType {
					step = api.PromotionStep{Type: name}
				}
				in.Steps = append(in.Steps, step)
			}
			return a.setPath(cmd, in)
		}}
	unset := &cobra.Command{Use: "clear", Short: "Take the promotion path away", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.setPath(cmd, api.SetPromotionPathRequest{Steps: []api.PromotionStep{}})
		}}
	return group("promotions", "Promotions, and the path along which an Application is promoted",
		a.promotionsListCommand(), a.promotionsGetCommand(), a.promotionsCancelCommand(), show, set, unset)
}

func (a *app) setPath(cmd *cobra.Command, in api.SetPromotionPathRequest) error {
	c, s, err := a.within(needApp...)
	if err != nil {
		return err
	}
	path, err := client.Do[api.PromotionPath](cmd.Context(), c, http.MethodPut, s.AppPath("promotion-path"), in)
	if err != nil {
		return err
	}
	return a.showObject(path, func() error {
		a.say("the promotion path of %s has %d stations", s.App, len(path.Steps))
		return nil
	})
}

// pathTable has a line for each station and environment.
func pathTable(raw json.RawMessage) (*table, error) {
	var status api.ApplicationStatus
	if err := json.Unmarshal(raw, &status); err != nil {
		return nil, fmt.Errorf("the answer is not what the API documents: %w", err)
	}
	byID := map[string]api.EnvironmentStatus{}
	for _, e := range status.Environments {
		byID[e.ID] = e
	}
	t := newTable("STATION", "ENV", "RUNNING", "SET", "SINCE", "LAST")
	for i, p := range status.Path {
		station := fmt.Sprintf("%d %s", i+1, cmp.Or(p.Env, "type:"+p.Type))
		if len(p.Environments) == 0 {
			t.add(station, "", "", "", "", "")
		}
		for _, id := range p.Environments {
			running, set, since, last := "", "", "", ""
			if e := byID[id]; e.Running != nil {
				running, set, since = e.Running.ID, short12(e.Running.SetID), ago(e.Running.StatusChangedAt)
			}
			if e := byID[id]; e.LastDeploy != nil {
				last = outcomeOf(*e.LastDeploy)
			}
			t.add(station, id, running, set, since, last)
		}
	}
	return t, nil
}
