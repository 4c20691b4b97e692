package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// gateCommands are the commands of policies and approvals.
func (a *app) gateCommands() []*cobra.Command {
	return []*cobra.Command{
		a.decideDeploymentCommand("approve"), a.decideDeploymentCommand("reject"),
		group("policies", "Rules about what deployments may do, and who has to agree",
			a.policiesListCommand(), a.policiesGetCommand(), a.policiesApplyCommand(), a.policiesDeleteCommand(), a.policiesTestCommand()),
	}
}

func (a *app) decideDeploymentCommand(decision string) *cobra.Command {
	var in api.DecideRequest
	var promotion bool
	cmd := &cobra.Command{Use: decision + " ID", Short: "Agree to a deployment that waits for people, or to an approval request of a run of a Pipeline", Args: args("ID"),
		Long: "For a deployment it counts for the plan that waits. When definitions, values, resources or the base have changed since it was made,\n" +
			"the approval is void and the deployment ends. Without --app or --env the deployment is looked for in what waits. For an approval\n" +
			"request the run that asks goes on.",
		Example: "  slipway approvals list --mine\n  slipway approve 17c2b7f0e4a1d2c0 -m \"backup is fresh\"",
	}
	if decision == "reject" {
		cmd.Use, cmd.Args = "reject DEPLOYMENT", args("DEPLOYMENT")
		cmd.Short, cmd.Example = "Reject a deployment that waits for people, which ends it", "  slipway reject 17c2b7f0e4a1d2c0 -m \"not on a Friday\""
		cmd.Long = "Ends the deployment with the outcome rejected; nothing was done. Without --app or --env it is looked for in what waits."
	}
	cmd.Flags().StringVarP(&in.Comment, "message", "m", "", "why; kept with the decision")
	cmd.Flags().StringVar(&in.Node, "node", "", "resource whose plan is meant, type.class#id, when several plans of the deployment wait")
	cmd.Flags().StringVar(&in.Fingerprint, "planned", "", "fingerprint of the plan that you looked at: refuse when another one waits")
	cmd.Flags().BoolVar(&promotion, "promotion", false, "the id is that of a promotion, whose deployment is meant")
	cmd.RunE = func(cmd *cobra.Command, ids []string) error {
		in.Decision = decision
		if decision == "approve" && !promotion && !deploymentShape.MatchString(ids[0]) {
			return a.decideRequest(cmd.Context(), ids[0], decision)
		}
		path, c, err := a.decisionPath(cmd.Context(), ids[0], promotion)
		if err != nil {
			return err
		}
		g, err := client.Do[api.DeploymentApproval](cmd.Context(), c, http.MethodPost, path, in)
		if err != nil {
			return fmt.Errorf("%s %s: %w", decision, ids[0], err)
		}
		return a.showObject(g, func() error {
			a.say("deployment %s to %s/%s: %s: %s", g.DeploymentID, g.App, g.Env, g.Status, g.Message)
			return nil
		})
	}
	return cmd
}

// deploymentShape tells ids of deployments from those of approval requests, which are UUIDs.
var deploymentShape = regexp.MustCompile(`^[0-9a-f]{16}$`)

// decisionPath is where a decision about a deployment or promotion goes.
func (a *app) decisionPath(ctx context.Context, id string, promotion bool) (string, *client.Client, error) {
	if promotion {
		c, s, err := a.within(needApp...)
		return s.AppPath("promotions", id, "approvals"), c, err
	}
	c, s, err := a.within(needOrg...)
	if err != nil {
		return "", nil, err
	}
	if s.App != "" && s.Env != "" {
		return s.EnvPath("deploys", id, "approvals"), c, nil
	}
	waiting, err := client.Do[[]api.DeploymentApproval](ctx, c, http.MethodGet, s.OrgPath("deployment-approvals"), nil)
	if err != nil {
		return "", nil, err
	}
	for _, g := range waiting {
		if g.DeploymentID == id {
			s.App, s.Env = g.App, g.Env
			return s.EnvPath("deploys", id, "approvals"), c, nil
		}
	}
	return "", nil, fmt.Errorf("no deployment %s waits for an approval; list those that do with: slipway approvals list", id)
}

var approvalTable = columns([]string{"DEPLOYMENT", "APP", "ENV", "NODE", "BY", "WOULD", "WAITS FOR", "UNTIL", "MINE"}, func(g api.DeploymentApproval) []string {
	until, mine := "", ""
	if g.Until != nil {
		until = clock(g.Until.Time)
	}
	if g.Mine {
		mine = "yes"
	}
	return []string{g.DeploymentID, g.App, g.Env, g.Node, g.Proposer, g.Summary, strings.TrimPrefix(g.Message, "waiting for "), until, mine}
})

func (a *app) approvalsListCommand() *cobra.Command {
	var mine bool
	cmd := &cobra.Command{Use: "list", Short: "List the deployments that wait for people, oldest first", Args: noArgs,
		Long: "Lists those of all Applications that you may see; with --app of one."}
	cmd.Flags().BoolVar(&mine, "mine", false, "only those that an approval of yours would help")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		path := s.OrgPath("deployment-approvals")
		if s.App != "" {
			path = s.AppPath("deployment-approvals")
		}
		if mine {
			path += "?mine=true"
		}
		raw, err := c.Get(cmd.Context(), path)
		if err != nil {
			return err
		}
		return a.showTable(raw, approvalTable)
	}
	return cmd
}

func (a *app) approvalsGetCommand() *cobra.Command {
	return &cobra.Command{Use: "get DEPLOYMENT", Short: "Show what policies asked about a deployment, and what people said", Args: args("DEPLOYMENT"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			path, c, err := a.decisionPath(cmd.Context(), ids[0], false)
			if err != nil {
				return err
			}
			gates, err := client.Do[[]api.DeploymentApproval](cmd.Context(), c, http.MethodGet, path, nil)
			if err != nil {
				return err
			}
			return a.showObject(gates, func() error { a.sayGates(gates); return nil })
		}}
}

func (a *app) sayGates(gates []api.DeploymentApproval) {
	if len(gates) == 0 {
		a.say("no policy was asked")
	}
	for _, g := range gates {
		what := "the whole plan"
		if g.Node != "" {
			what = "the plan of " + g.Node
		}
		a.say("%s: %s: %s", what, g.Status, g.Message)
		if g.Summary != "" {
			a.say("  would: %s", g.Summary)
		}
		for _, r := range g.Plan.Destroyed {
			a.say("  destroys: %s, made by %s", resourceKey(r.Type, r.Class, r.ID), made(r.Def, r.Driver))
		}
		for _, r := range g.Requirements {
			a.say("  policy %s: %d of %d agreed: %s", r.Policy, r.Approvals-r.Missing, r.Approvals, r.Message)
		}
		for _, d := range g.Decisions {
			line := fmt.Sprintf("  %s  %s by %s", clock(d.At.Time), d.Decision, d.By)
			if d.Comment != "" {
				line += ": " + d.Comment
			}
			if d.Void != "" {
				line += " (void: " + d.Void + ")"
			}
			a.say("%s", oneLine(line))
		}
	}
}

var policyTable = columns([]string{"ID", "EFFECT", "APPROVALS", "ROLES", "DEADLINE", "WHEN", "MESSAGE"}, func(p api.Policy) []string {
	approvals := ""
	if p.Effect == "approve" {
		approvals = fmt.Sprint(p.Approvals)
		if p.ExcludeProposer {
			approvals += " others"
		}
	}
	return []string{p.ID, p.Effect, approvals, strings.Join(p.Roles, " "), p.Deadline, p.When, p.Message}
})

func (a *app) policiesListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "List the policies of the organization", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			raw, err := c.Get(cmd.Context(), s.OrgPath("policies"))
			if err != nil {
				return err
			}
			return a.showTable(raw, policyTable)
		}}
}

func (a *app) policiesGetCommand() *cobra.Command {
	return &cobra.Command{Use: "get POLICY", Short: "Show a policy", Args: args("POLICY"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			p, err := client.Do[api.Policy](cmd.Context(), c, http.MethodGet, s.OrgPath("policies", ids[0]), nil)
			if err != nil {
				return err
			}
			return a.showObject(p, func() error {
				a.facts("policy", p.ID, "effect", p.Effect, "when", p.When, "message", p.Message, "roles", strings.Join(p.Roles, " "),
					"deadline", p.Deadline, "changed", ago(p.UpdatedAt)+" by "+p.UpdatedBy)
				if p.Effect == "approve" {
					a.facts("approvals", fmt.Sprint(p.Approvals), "by others", fmt.Sprint(p.ExcludeProposer))
				}
				return nil
			})
		}}
}

// readPolicies reads policies from YAML or JSON documents; an unknown field is an error.
func (a *app) readPolicies(files []string) ([]api.DraftPolicy, error) {
	var out []api.DraftPolicy
	for _, file := range files {
		raw, err := a.readFile(file)
		if err != nil {
			return nil, err
		}
		documents := yaml.NewDecoder(bytes.NewReader(raw))
		for n := 1; ; n++ {
			var document any
			err := documents.Decode(&document)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("%s, document %d: %w", file, n, err)
			}
			if document == nil {
				continue
			}
			var p api.DraftPolicy
			if err := strictly(document, &p); err != nil {
				return nil, fmt.Errorf("%s, document %d: %w; a policy has id, when, effect, message, approvals, roles, exclude_proposer and deadline", file, n, err)
			}
			if p.ID == "" {
				return nil, fmt.Errorf("%s, document %d: id is missing", file, n)
			}
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return nil, usagef("name a file with policies with -f; - is standard input")
	}
	return out, nil
}

func strictly(document, into any) error {
	raw, err := json.Marshal(document)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

func (a *app) policiesApplyCommand() *cobra.Command {
	var files []string
	cmd := &cobra.Command{Use: "apply -f FILE", Short: "Make policies, or replace what they say", Args: noArgs,
		Long:    "Reads YAML or JSON documents with id, when, effect, message, approvals, roles, exclude_proposer and deadline.",
		Example: "  slipway policies apply -f policies.yaml",
	}
	cmd.Flags().StringArrayVarP(&files, "file", "f", nil, "file with policies; - is standard input; may be given several times")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		drafts, err := a.readPolicies(files)
		if err != nil {
			return err
		}
		c, s, err := a.within(needOrg...)
		if err != nil {
			return err
		}
		made := []api.Policy{}
		for _, draft := range drafts {
			p, err := client.Do[api.Policy](cmd.Context(), c, http.MethodPut, s.OrgPath("policies", draft.ID), draft.PolicyRule)
			if err != nil {
				return fmt.Errorf("policy %s: %w", draft.ID, err)
			}
			made = append(made, p)
			if !a.structured() {
				a.say("policy %s is as in the file", p.ID)
			}
		}
		return a.showObject(made, func() error { return nil })
	}
	return cmd
}

func (a *app) policiesDeleteCommand() *cobra.Command {
	return &cobra.Command{Use: "delete POLICY", Short: "Delete a policy; what waits because of it goes on waiting", Args: args("POLICY"),
		RunE: func(cmd *cobra.Command, ids []string) error {
			c, s, err := a.within(needOrg...)
			if err != nil {
				return err
			}
			if _, err := c.Delete(cmd.Context(), s.OrgPath("policies", ids[0])); err != nil {
				return err
			}
			a.say("policy %s deleted", ids[0])
			return nil
		}}
}

// errPolicies ends a command with exitImpact; what it showed says why.
var errPolicies = errors.New("the deployment would not go on by itself")

// testPolicies asks about a deployment, or about a stored plan.
func testPolicies(ctx context.Context, c *client.Client, s client.Scope, in api.TestPoliciesRequest, plan string) (api.PolicyTest, error) {
	if plan == "" {
		return client.Do[api.PolicyTest](ctx, c, http.MethodPost, s.EnvPath("policies", "test"), in)
	}
	got, err := client.Do[api.PolicyCheck](ctx, c, http.MethodPost, s.OrgPath("policies", "test"), api.CheckPoliciesRequest{
		Policies: in.Policies, Plan: &api.PlanOfPolicies{AppID: s.App, EnvID: s.Env, PlanID: plan},
	})
	if err != nil {
		return api.PolicyTest{}, err
	}
	out := api.PolicyTest{PlannedPolicies: got.PlannedPolicies, Problems: []string{}}
	if got.Input != nil {
		out.Input = *got.Input
	}
	var problems []error
	for _, p := range got.Problems {
		problems = append(problems, fmt.Errorf("policy %s: %s: %s (line %d)", p.Policy, p.Field, p.Message, p.Line))
	}
	return out, errors.Join(problems...)
}

func (a *app) policiesTestCommand() *cobra.Command {
	var files []string
	var delta, set, plan string
	var strict bool
	cmd := &cobra.Command{Use: "test", Short: "Say what policies would say about a deployment, and deploy nothing", Args: noArgs,
		Long: "Plans a deployment of a Delta, of a Deployment Set, or of the base as it is, or takes a plan that is stored, and evaluates the\n" +
			"organization's policies, or those of a file, which need not exist yet.",
		Example: "  slipway policies test --app shop --env production --delta 5d3c…\n  slipway policies test -f policies.yaml --app shop --env production",
	}
	cmd.Flags().StringArrayVarP(&files, "file", "f", nil, "evaluate the policies of this file instead; may be given several times")
	cmd.Flags().StringVar(&delta, "delta", "", "Delta that would be deployed")
	cmd.Flags().StringVar(&set, "set", "", "Deployment Set that would be deployed")
	cmd.Flags().StringVar(&plan, "plan", "", "id of a stored plan to judge instead")
	cmd.Flags().BoolVar(&strict, "exit-code", false, "end with 8 when people would have to agree or it would be denied")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := oneFlag(cmd, "delta", "set", "plan"); err != nil {
			return err
		}
		in := api.TestPoliciesRequest{PlanDeploymentRequest: api.PlanDeploymentRequest{DeltaID: delta, SetID: set}}
		if len(files) > 0 {
			drafts, err := a.readPolicies(files)
			if err != nil {
				return err
			}
			in.Policies = drafts
		}
		c, s, err := a.within(needEnv...)
		if err != nil {
			return err
		}
		t, err := testPolicies(cmd.Context(), c, s, in, plan)
		if err != nil {
			return err
		}
		if err := a.showObject(t, func() error { a.sayPolicyTest(s, t); return nil }); err != nil {
			return err
		}
		if strict && t.Verdict != "allowed" {
			return &codedError{code: exitImpact, err: errPolicies}
		}
		return nil
	}
	return cmd
}

func (a *app) sayPolicyTest(s client.Scope, t api.PolicyTest) {
	a.say("a deployment to %s/%s: %s", s.App, s.Env, verdictText[t.Verdict])
	a.sayVerdict(t.PlannedPolicies)
	if len(t.Problems) > 0 {
		a.say("the deployment would fail:")
		a.list("  - ", t.Problems)
	}
}

var verdictText = map[string]string{"allowed": "no policy objects", "approval": "people have to agree first", "denied": "denied"}

func (a *app) sayVerdict(p api.PlannedPolicies) {
	for _, d := range p.Denials {
		a.say("  denied by policy %s: %s", d.Policy, d.Message)
	}
	for _, r := range p.Requirements {
		line := fmt.Sprintf("  policy %s: %s", r.Policy, plural(r.Approvals, "approval"))
		if len(r.Roles) > 0 {
			line += " by " + strings.Join(r.Roles, " or ")
		}
		if r.ExcludeProposer {
			line += ", not by the proposer"
		}
		a.say("%s: %s", line, r.Message)
	}
}
