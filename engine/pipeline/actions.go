package pipeline

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// Types of fields of actions, besides those of inputs.
const fieldAny = "any"

// Field is an input or an output of an action.
type Field struct {
	Name string
	// Type is string, number, integer, boolean, object, array or any.
	Type        string
	Required    bool
	Description string
	// Aliases are older names. [Action.Check] and [Action.Complete] translate them.
	Aliases []string
	// OneOf, when not empty, holds the only values there are.
	OneOf []string
	// Secret marks inputs that must never be shown.
	Secret bool
}

// Action is what a step can use.
type Action struct {
	Ref     ActionRef
	Summary string
	// Aliases are other names of the action.
	Aliases []string
	Inputs  []Field
	// Either names inputs of which exactly one (Exclusive) or at least one must be given.
	Either    []string
	Exclusive bool
	Outputs   []Field
	// Waits tells that the action ends when something outside of it happens, such as an approval.
	Waits bool
}

// Names of actions.
const (
	ActionCreateDelta      = "humanitec/create-delta"
	ActionApply            = "humanitec/apply"
	ActionDeploy           = "humanitec/deploy"
	ActionClone            = "humanitec/clone"
	ActionApprove          = "humanitec/approve"
	ActionWaitForReadiness = "humanitec/wait-for-readiness"
	ActionHTTP             = "humanitec/http"
	ActionGitHubWorkflow   = "humanitec/github-workflow"
	ActionGitLabPipeline   = "humanitec/gitlab-pipeline"
	ActionLog              = "humanitec/log"
	ActionFail             = "humanitec/fail"
)

const latestVersion = "v1"

func v1(name string) ActionRef { return ActionRef{name, latestVersion} }

func envField(description string) Field {
	return Field{Name: "env_id", Type: InputString, Required: true, Description: description, Aliases: []string{"environment"}}
}

// actions is the registry: every action that a step can use.
var actions = append([]Action{
	{
		Ref: v1(ActionCreateDelta), Summary: "Makes a delta that brings artefact versions into an environment.",
		Inputs: []Field{
			envField("environment the delta is for"),
			{Name: "workload_artefacts", Type: InputArray, Description: "ids of versions of workload artefacts"},
			{Name: "container_artefacts", Type: InputArray, Description: "ids of versions of container images"},
		},
		Either:  []string{"workload_artefacts", "container_artefacts"},
		Outputs: []Field{{Name: "delta_id", Type: InputString, Description: "the new delta"}},
	},
	{
		Ref: v1(ActionApply), Summary: "Applies a delta to what is deployed in an environment; deploys nothing.",
		Inputs: []Field{
			envField("environment whose deployment set is the base"),
			{Name: "delta_id", Type: InputString, Required: true, Description: "delta to apply"},
		},
		Outputs: []Field{{Name: "set_id", Type: InputString, Description: "the resulting deployment set"}},
	},
	{
		Ref: v1(ActionDeploy), Summary: "Deploys into an environment and waits for the end of the deployment.",
		Inputs: []Field{
			envField("environment to deploy to"),
			{Name: "set_id", Type: InputString, Description: "deployment set to deploy"},
			{Name: "delta_id", Type: InputString, Description: "delta to apply and deploy"},
			{Name: "value_set_version_id", Type: InputString, Description: "version of the shared values; the current one when absent"},
			{Name: "comment", Type: InputString, Description: "comment of the deployment", Aliases: []string{"message"}},
			{Name: "mode", Type: InputString, Description: "mode of the deployment", OneOf: []string{"full", "incremental"}},
		},
		Either: []string{"set_id", "delta_id"}, Exclusive: true,
		Outputs: []Field{{Name: "deployment_id", Type: InputString, Description: "the deployment", Aliases: []string{"deployment"}}},
		Waits:   true,
	},
	{
		Ref: v1(ActionClone), Summary: "Prepares the deployment set of one environment for another; deploys nothing.",
		Inputs: []Field{
			{Name: "from_env_id", Type: InputString, Required: true, Description: "environment to copy from"},
			{Name: "to_env_id", Type: InputString, Required: true, Description: "environment to copy to"},
			{Name: "from_deployment_id", Type: InputString, Description: "deployment to copy; the newest of from_env_id when absent"},
		},
		Outputs: []Field{{Name: "set_id", Type: InputString, Description: "the deployment set"}},
	},
	{
		Ref: v1(ActionApprove), Summary: "Waits until somebody who may deploy to the environment approves; a denial fails the step.",
		Inputs: []Field{
			envField("environment whose deployers may approve"),
			{Name: "message", Type: InputString, Description: "what is to be approved", Aliases: []string{"comment"}},
		},
		Outputs: []Field{
			{Name: "approval_id", Type: InputString, Description: "the approval"},
			{Name: "approved_by", Type: InputString, Description: "who approved"},
		},
		Waits: true,
	},
	{
		Ref: v1(ActionWaitForReadiness), Summary: "Waits until all workloads of an environment are ready.",
		Inputs: []Field{
			envField("environment to watch"),
			{Name: "timeout_minutes", Type: InputNumber, Description: "how long to wait; 10 when absent"},
		},
		Waits: true,
	},
	{
		Ref: v1(ActionHTTP), Summary: "Sends an HTTP request. An answer of 400 or above fails the step.", Aliases: []string{"humanitec/http-request"},
		Inputs: []Field{
			{Name: "url", Type: InputString, Required: true, Description: "address", Secret: true},
			{
				Name: "method", Type: InputString, Description: "method; GET when absent",
				OneOf: []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"},
			},
			{Name: "headers", Type: InputObject, Description: "headers by name", Secret: true},
			{Name: "data", Type: fieldAny, Description: "body: a text as it is, anything else as JSON", Aliases: []string{"body"}, Secret: true},
		},
		Outputs: []Field{
			{Name: "status_code", Type: InputInteger, Description: "status of the answer"},
			{Name: "headers", Type: InputObject, Description: "headers of the answer, names in lower case"},
			{Name: "body", Type: InputString, Description: "body of the answer"},
			{Name: "json", Type: fieldAny, Description: "body of the answer where it is JSON"},
		},
	},
	{
		Ref: v1(ActionGitHubWorkflow), Summary: "Starts a GitHub Actions workflow (workflow_dispatch) and waits for its end.",
		Inputs: []Field{
			{Name: "repo", Type: InputString, Required: true, Description: "owner/name"},
			{Name: "workflow", Type: InputString, Required: true, Description: "file name, path or id of the workflow"},
			{Name: "ref", Type: InputString, Required: true, Description: "branch or tag"},
			{Name: "access_token", Type: InputString, Required: true, Description: "token that may start workflows", Secret: true},
			{Name: "inputs", Type: InputObject, Description: "inputs of the workflow"},
			{Name: "url", Type: InputString, Description: "address of the API; https://api.github.com when absent"},
			{Name: "request_uid_input", Type: InputString, Description: "input of the workflow that gets an id to find the run by"},
		},
		Outputs: []Field{
			{Name: "run_id", Type: InputString, Description: "the run at GitHub"},
			{Name: "run_url", Type: InputString, Description: "address of the run"},
			{Name: "conclusion", Type: InputString, Description: "how it ended"},
		},
		Waits: true,
	},
	{
		Ref: v1(ActionGitLabPipeline), Summary: "Triggers a GitLab pipeline and waits for its end.", Aliases: []string{"humanitec/gitlab"},
		Inputs: []Field{
			{Name: "project", Type: InputString, Required: true, Description: "id or path of the project"},
			{Name: "ref", Type: InputString, Required: true, Description: "branch or tag"},
			{Name: "token", Type: InputString, Required: true, Description: "trigger token", Secret: true},
			{Name: "access_token", Type: InputString, Description: "token that may read pipelines; without it nothing waits for the end", Secret: true},
			{Name: "variables", Type: InputObject, Description: "variables of the pipeline"},
			{Name: "url", Type: InputString, Description: "address of the GitLab server; https://gitlab.com when absent"},
		},
		Outputs: []Field{
			{Name: "pipeline_id", Type: InputString, Description: "the pipeline at GitLab"},
			{Name: "pipeline_url", Type: InputString, Description: "address of the pipeline"},
			{Name: "status", Type: InputString, Description: "how it ended"},
		},
		Waits: true,
	},
	{
		Ref: v1(ActionLog), Summary: "Writes a line into the log of the step.",
		Inputs: []Field{{Name: "message", Type: fieldAny, Required: true, Description: "what to write; anything but a text as JSON"}},
	},
	{
		Ref: v1(ActionFail), Summary: "Fails the step.",
		Inputs: []Field{{Name: "message", Type: InputString, Description: "why"}},
	},
}, ownActions...)

// Actions returns all actions, by name.
func Actions() []Action {
	out := slices.Clone(actions)
	slices.SortFunc(out, func(a, b Action) int { return strings.Compare(a.Ref.String(), b.Ref.String()) })
	return out
}

// Lookup returns the action that a reference names.
func Lookup(ref ActionRef) (Action, bool) {
	for _, a := range actions {
		if a.Ref == ref {
			return a, true
		}
	}
	return Action{}, false
}

var usesPattern = regexp.MustCompile(`^(?:native://)?(?:actions/)?(humanitec|slipway)/([a-z0-9-]+)(?:@(v[0-9]+))?$`)

// ParseUses reads the text of `uses`: actions/humanitec/NAME[@VERSION], with native:// before it or without. The version
// is v1 where none is named, and actions/slipway/ means the same. Aliases become the action's name.
func ParseUses(text string) (Action, error) {
	match := usesPattern.FindStringSubmatch(text)
	if match == nil {
		return Action{}, fmt.Errorf("%q does not name an action; write actions/humanitec/NAME@v1", text)
	}
	name, version := "humanitec/"+match[2], match[3]
	if version == "" {
		version = latestVersion
	}
	var names []string
	for _, a := range actions {
		if a.Ref.Name == name || slices.Contains(a.Aliases, name) {
			if a.Ref.Version != version {
				return Action{}, fmt.Errorf("there is no version %s of %s; there is %s", version, a.Ref.Name, a.Ref.Version)
			}
			return a, nil
		}
		names = append(names, strings.TrimPrefix(a.Ref.Name, "humanitec/"))
	}
	slices.Sort(names)
	return Action{}, fmt.Errorf("there is no action %s; there are %s", name, strings.Join(names, ", "))
}

// FieldProblem is one thing that is wrong with the inputs of an action.
type FieldProblem struct {
	// Field is the key as the document has it; empty where none is to blame.
	Field   string
	Message string
}

// Check judges evaluated inputs and returns them ready for use: under their newest names, without null, and converted
// where that loses nothing (a number becomes a text, "5" a number, "true" a boolean). An empty text counts as absent in
// fields other than message, comment and data. Secrets stay secrets and are not repeated in problems.
func (a Action) Check(with map[string]any) (map[string]any, []FieldProblem) {
	return a.check(with, false)
}

// check works on inputs before their evaluation too (early): what holds expressions is not judged then.
func (a Action) check(with map[string]any, early bool) (map[string]any, []FieldProblem) {
	out := make(map[string]any, len(with))
	var problems []FieldProblem
	for _, key := range slices.Sorted(maps.Keys(with)) {
		field, known := a.input(key)
		if !known {
			problems = append(problems, FieldProblem{key, fmt.Sprintf("%s takes no such input; it takes %s", a.Ref, a.inputNames())})
			continue
		}
		if early && holdsExpression(with[key]) {
			out[field.Name] = with[key]
			continue
		}
		v, message := field.convert(with[key])
		if message != "" {
			problems = append(problems, FieldProblem{key, message})
		}
		if v == nil {
			continue
		}
		if _, taken := out[field.Name]; taken {
			problems = append(problems, FieldProblem{key, fmt.Sprintf("it means the same as another name of %s; give one of them", field.Name)})
		}
		out[field.Name] = v
	}
	return out, append(problems, a.missing(with, out, early)...)
}

// missing finds what is required and not there.
func (a Action) missing(with, out map[string]any, early bool) []FieldProblem {
	var problems []FieldProblem
	for _, field := range a.Inputs {
		_, there := out[field.Name]
		if field.Required && !there {
			message := fmt.Sprintf("%s needs the input %s", a.Ref, field.Name)
			if _, null := with[field.Name]; null {
				message += ", and it is empty"
			}
			problems = append(problems, FieldProblem{"", message})
		}
	}
	if len(a.Either) == 0 {
		return problems
	}
	var given []string
	for _, name := range a.Either {
		if _, there := out[name]; there {
			given = append(given, name)
		}
	}
	switch {
	case len(given) == 0:
		problems = append(problems, FieldProblem{"", fmt.Sprintf("%s needs one of %s", a.Ref, strings.Join(a.Either, ", "))})
	case len(given) > 1 && a.Exclusive && !early: // Before the evaluation all but one may still become empty.
		problems = append(problems, FieldProblem{"", fmt.Sprintf("%s takes only one of %s", a.Ref, strings.Join(a.Either, ", "))})
	}
	return problems
}

func (a Action) input(key string) (Field, bool) {
	for _, field := range a.Inputs {
		if field.Name == key || slices.Contains(field.Aliases, key) {
			return field, true
		}
	}
	return Field{}, false
}

func (a Action) inputNames() string {
	names := make([]string, len(a.Inputs))
	for i, field := range a.Inputs {
		names[i] = field.Name
	}
	return strings.Join(names, ", ")
}

// Complete adds the older names to the outputs of an action, so that expressions find them by either name.
func (a Action) Complete(outputs map[string]any) map[string]any {
	out := maps.Clone(outputs)
	if out == nil {
		out = map[string]any{}
	}
	for _, field := range a.Outputs {
		for _, alias := range field.Aliases {
			if v, there := outputs[field.Name]; there {
				out[alias] = v
			}
		}
	}
	return out
}

// convert brings a value to the field's type. A nil value counts as absent.
func (f Field) convert(v any) (any, string) {
	secret := placeholder.ContainsSecret(v)
	out, message := f.plain(placeholder.Reveal(v))
	if message != "" {
		return nil, message
	}
	if secret && f.Type != fieldAny && f.Type != InputObject && f.Type != InputArray {
		return placeholder.Seal(out), ""
	}
	if secret {
		return v, "" // Which leaves are secret is known only there.
	}
	return out, ""
}

func (f Field) plain(v any) (any, string) {
	if v == nil || v == "" && f.Type != fieldAny && f.Name != "message" && f.Name != "comment" {
		return nil, ""
	}
	out, ok := convertTo(f.Type, v)
	if !ok {
		return nil, fmt.Sprintf("expected %s, this is %s", article(f.Type), kindOf(v))
	}
	if len(f.OneOf) > 0 && !slices.Contains(f.OneOf, asText(out)) {
		return nil, "expected one of " + strings.Join(f.OneOf, ", ")
	}
	return out, ""
}

// convertTo converts where that loses nothing.
func convertTo(kind string, v any) (any, bool) {
	switch kind {
	case fieldAny:
		return v, true
	case InputString:
		switch v.(type) {
		case string, bool, float64, int, int64:
			return asText(v), true
		}
	case InputNumber, InputInteger:
		n, ok := asNumber(v)
		if _, isBool := v.(bool); ok && !isBool && (kind == InputNumber || n == float64(int64(n))) {
			return n, true
		}
	case InputBoolean:
		switch v {
		case true, "true":
			return true, true
		case false, "false":
			return false, true
		}
	case InputObject:
		_, ok := v.(map[string]any)
		return v, ok
	case InputArray:
		_, ok := v.([]any)
		return v, ok
	}
	return nil, false
}

func article(kind string) string {
	switch kind {
	case InputString:
		return "a text"
	case InputInteger:
		return "a whole number"
	case InputArray, InputObject:
		return "an " + kind
	}
	return "a " + kind
}

// holdsExpression tells whether any text in a value holds an expression.
func holdsExpression(v any) bool {
	switch t := v.(type) {
	case string:
		return strings.Contains(t, "${{")
	case map[string]any:
		for _, child := range t {
			if holdsExpression(child) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(t, holdsExpression)
	}
	return false
}
