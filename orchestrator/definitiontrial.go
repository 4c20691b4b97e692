package orchestrator

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/template"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// TrialGUResID is the GUResID of a resource that is tried and not made.
const TrialGUResID = "test-guresid"

// DefinitionTrial is a definition and everything that a deployment would give
// to its driver. Nothing of it is looked up: no server, no other resource.
type DefinitionTrial struct {
	Definition DefinitionRequest
	// Cookie is what the driver is said to have returned last; nil for a first run.
	// A text is handed over as it is, anything else as JSON.
	Cookie any
	// Placeholders are values by the text of a placeholder without ${ and }, such as "context.res.id".
	Placeholders map[string]any
	// Resource holds the inputs of the resource.
	Resource map[string]any
	// Secrets are the values behind the definition's secrets or secret_refs, by
	// the same names and nesting; account holds the credentials of the driver account.
	Secrets map[string]any
	// Default, when not nil, is the value of every placeholder that is not given, for a selector in a list.
	Default *string

	secretsField string // what Secrets is called where they are given; default secretRefs
}

// TrialResult is what a driver made of a trial. Manifests have the names that a
// template gives them, and names made from their content otherwise.
type TrialResult struct {
	Driver    string                      `json:"driver"`
	Init      any                         `json:"init,omitempty"`
	Cookie    any                         `json:"cookie,omitempty"`
	Manifests map[string]drivers.Manifest `json:"manifests,omitempty"`
	Values    map[string]any              `json:"values"`
	Secrets   map[string]any              `json:"secrets"`
	// Random names the functions of the templates whose results differ from run to run.
	Random []string `json:"random,omitempty"`
	// Defaulted lists the placeholders that got the default.
	Defaulted []string `json:"placeholders_defaulted,omitempty"`
	// NotRun says why the driver was not called; Inputs is what it would have got.
	NotRun string       `json:"not_run,omitempty"`
	Inputs *TrialInputs `json:"inputs,omitempty"`
	// WouldRun says what a driver that is not called would run, a line each.
	WouldRun []string `json:"would_run,omitempty"`
	// Notes are remarks for people: secrets without a value, lines that the driver logged.
	Notes []string `json:"-"`
}

// TrialInputs is what a driver would have been called with.
type TrialInputs struct {
	Resource map[string]any `json:"resource"`
	Values   map[string]any `json:"values"`
	Secrets  map[string]any `json:"secrets"`
}

// TryDefinition resolves the inputs of a definition's driver and calls it, when
// it only computes. A driver that reaches outside is not called: the result then
// holds its inputs. Placeholders without a value are one error that lists them all
// (Details["missing"], a []TrialMissing).
func TryDefinition(ctx context.Context, registry *drivers.Registry, in DefinitionTrial) (*TrialResult, error) {
	driver, descriptor, runs := registry.Get(in.Definition.DriverType)
	if !runs && strings.HasPrefix(in.Definition.DriverType, "humanitec/") {
		if err := registry.CheckKnown(in.Definition.DriverType); err != nil {
			return nil, Invalidf("driver_type: %v", err)
		}
	}
	out, _, err := tryWith(ctx, trialDriver{driver: driver, descriptor: descriptor, notRun: notRun(registry, in.Definition.DriverType, descriptor, runs)}, in)
	return out, err
}

// trialDriver is what stands behind the driver_type of a definition that is tried.
type trialDriver struct {
	driver     drivers.Driver // nil when it is not here
	descriptor drivers.Descriptor
	// expand turns the inputs of a virtual driver into those of the one behind it; nil leaves them.
	expand func(ctx context.Context, r drivers.Request) (drivers.Request, error)
	notRun string // why it is not called
}

// tryWith also gives what the driver was called with, for those who have to hide its secrets; it is nil where that did not come about.
func tryWith(ctx context.Context, d trialDriver, in DefinitionTrial) (*TrialResult, *drivers.Request, error) {
	if err := checkDriverMakes(d.descriptor, in.Definition.DriverType, in.Definition.Type); err != nil {
		return nil, nil, err
	}
	t := &trial{in: in, inputs: &DriverInputsRequest{}}
	if in.Definition.DriverInputs != nil {
		t.inputs = in.Definition.DriverInputs
	}
	request, err := t.request(withDefaults(t.inputs.Values, d.descriptor.Defaults))
	if err != nil {
		return nil, &request, err
	}
	if d.expand != nil {
		if request, err = d.expand(ctx, request); err != nil {
			return nil, &request, err
		}
	}
	t.out.Driver, t.out.Defaulted = in.Definition.DriverType, t.defaulted
	if d.notRun != "" {
		t.foretell(d, request)
		return &t.out, &request, nil
	}
	if err := t.run(ctx, d.driver, request); err != nil {
		return nil, &request, err
	}
	return &t.out, &request, nil
}

// foretell says what a driver that is not called would get and do.
func (t *trial) foretell(d trialDriver, r drivers.Request) {
	t.out.NotRun = d.notRun
	t.out.Inputs = &TrialInputs{Resource: orEmpty(r.Resource), Values: r.Values, Secrets: r.Secrets}
	teller, tells := d.driver.(drivers.Foreteller)
	if !tells {
		return
	}
	lines, err := teller.Foretell(r.Clone())
	if err != nil {
		t.note("it would refuse its inputs: " + err.Error())
	}
	t.out.WouldRun = lines
}

func notRun(registry *drivers.Registry, id string, d drivers.Descriptor, runs bool) string {
	switch {
	case !runs:
		instead := ""
		for _, known := range registry.Catalogue() {
			if known.ID == id && known.Instead != "" {
				instead = ". No server runs it; use instead: " + known.Instead
			}
		}
		return fmt.Sprintf("driver %s is not part of this program; these are the inputs that it would get%s", id, instead)
	case d.Kind == drivers.Heavy:
		return fmt.Sprintf("driver %s would change something outside; these are the inputs that it would get", id)
	}
	return ""
}

// trial is one run of TryDefinition.
type trial struct {
	in        DefinitionTrial
	inputs    *DriverInputsRequest
	given     map[string]any // by the canonical spelling of the placeholder
	missing   map[string][]string
	defaulted []string
	out       TrialResult
}

// request resolves everything, and reports all missing placeholders at once.
func (t *trial) request(values map[string]any) (drivers.Request, error) {
	r := drivers.Request{GUResID: TrialGUResID, Type: t.in.Definition.Type, Class: t.text("context.res.class", "default"),
		ID: t.text("context.res.id", "modules.test.externals.test"), OrgID: t.text("context.org.id", "test"), AppID: t.text("context.app.id", "test"),
		EnvID: t.text("context.env.id", "test"), EnvType: t.text("context.env.type", "test"), Resource: t.in.Resource}
	r.Log = func(line string) { t.note("the driver says: " + line) }
	if err := t.readGiven(); err != nil {
		return r, err
	}
	values = withoutConfig(values, func(name string) bool {
		path, err := placeholder.ParsePath(name)
		return err == nil && t.given[path.String()] != nil
	})
	if err := t.find(values); err != nil {
		return r, err
	}
	resolved, err := placeholder.Resolve(orEmpty(values), t.resolve)
	if err != nil {
		return r, Invalidf("driver_inputs.values: %v", err)
	}
	r.Values, _ = resolved.(map[string]any)
	if r.Secrets, err = t.secrets(); err != nil {
		return r, err
	}
	if t.in.Cookie == nil {
		return r, nil
	}
	if text, ok := t.in.Cookie.(string); ok {
		r.Cookie = text
		return r, nil
	}
	raw, err := json.Marshal(t.in.Cookie)
	r.Cookie = string(raw)
	return r, err
}

// text is a placeholder's given text, for what a driver hears besides its inputs.
func (t *trial) text(name, fallback string) string {
	if v, ok := t.in.Placeholders[name].(string); ok && v != "" {
		return v
	}
	return fallback
}

func (t *trial) readGiven() error {
	t.given = make(map[string]any, len(t.in.Placeholders))
	for _, key := range sortedNames(t.in.Placeholders) {
		path, err := placeholder.ParsePath(strings.TrimSuffix(strings.TrimPrefix(key, "${"), "}"))
		if err != nil {
			return Invalidf("placeholders[%q]: it is not the text of a placeholder, such as context.res.id or resources.dns.outputs.host: %v", key, err)
		}
		t.given[path.String()] = t.in.Placeholders[key]
	}
	return nil
}

// find looks for placeholders that have no value, and checks that a definition may have them.
func (t *trial) find(values map[string]any) error {
	if err := firstProblem(t.in.Definition); err != nil {
		return err
	}
	t.missing = map[string][]string{}
	note := func(base string) func(string, placeholder.Reference) error {
		return func(location string, ref placeholder.Reference) error {
			if _, known := t.value(ref); !known {
				name := ref.Path.String()
				if !slices.Contains(t.missing[name], base+location) {
					t.missing[name] = append(t.missing[name], base+location)
				}
			}
			return nil
		}
	}
	for _, part := range []struct {
		base string
		tree any
	}{
		{"/driver_inputs/values", values},
		{"/driver_inputs/secrets", t.withoutGiven(t.inputs.Secrets)}, {"/driver_inputs/secret_refs", t.withoutGiven(t.inputs.SecretRefs)},
	} {
		if err := placeholder.Walk(part.tree, note(part.base)); err != nil {
			return Invalidf("%s: %v", part.base, err)
		}
	}
	if len(t.missing) == 0 {
		return nil
	}
	missing := Invalidf("%s", t.describeMissing())
	missing.Details = map[string]any{"missing": t.listMissing()}
	return missing
}

// TrialMissing is a placeholder that has no value in a trial.
type TrialMissing struct {
	Placeholder string
	UsedIn      []string // JSON pointers into the definition, such as /driver_inputs/values/host
	Near        string   // a given one that is spelt much alike; "" when there is none
}

func (t *trial) listMissing() []TrialMissing {
	out := make([]TrialMissing, 0, len(t.missing))
	for _, name := range sortedNames(t.missing) {
		out = append(out, TrialMissing{Placeholder: name, UsedIn: t.missing[name], Near: drivers.Closest(name, sortedNames(t.given))})
	}
	return out
}

// withoutGiven leaves out secrets whose values are given: what they refer to does not matter then.
func (t *trial) withoutGiven(tree map[string]any) map[string]any {
	out := map[string]any{}
	for name, child := range tree {
		if _, given := plainSecret(t.in.Secrets[name]); !given {
			out[name] = child
		}
	}
	return out
}

func (t *trial) describeMissing() string {
	var b strings.Builder
	b.WriteString("placeholders without a value; give them in the inputs below placeholders, or all of them one with --default:")
	for _, name := range sortedNames(t.missing) {
		fmt.Fprintf(&b, "\n  %s: used in %s", name, strings.Join(t.missing[name], ", "))
		if near := drivers.Closest(name, sortedNames(t.given)); near != "" {
			fmt.Fprintf(&b, " (given is %s)", near)
		}
	}
	return b.String()
}

// value looks a placeholder up among what is given, then what the definition itself tells, then the default.
func (t *trial) value(ref placeholder.Reference) (any, bool) {
	name := ref.Path.String()
	if v, ok := t.given[name]; ok {
		return v, true
	}
	if name == "context.res.type" {
		return t.in.Definition.Type, true
	}
	if t.in.Default != nil {
		if !slices.Contains(t.defaulted, name) {
			t.defaulted = append(t.defaulted, name)
			slices.Sort(t.defaulted)
		}
		// A selector gives a list, however many resources it finds.
		if path, err := resource.ParsePath(ref); err == nil && path.IsSelector() {
			return []any{*t.in.Default}, true
		}
		return *t.in.Default, true
	}
	if name == "context.res.guresid" {
		return TrialGUResID, true
	}
	return nil, false
}

func (t *trial) resolve(ref placeholder.Reference) (any, error) {
	v, ok := t.value(ref)
	if !ok {
		return nil, fmt.Errorf("no value is given")
	}
	return v, nil
}

// secrets puts the given values where the definition has its secrets.
func (t *trial) secrets() (map[string]any, error) {
	out := map[string]any{}
	given := drivers.CloneMap(t.in.Secrets)
	if account, ok := given["account"]; ok && t.inputs.Secrets["account"] == nil && t.inputs.SecretRefs["account"] == nil {
		out["account"] = account
		delete(given, "account")
	}
	tree := t.inputs.Secrets
	if len(t.inputs.SecretRefs) > 0 {
		tree = t.inputs.SecretRefs
	}
	if err := t.level(out, tree, given, "", len(t.inputs.SecretRefs) > 0); err != nil {
		return nil, err
	}
	return out, nil
}

// level fills one level of nesting of the secrets.
func (t *trial) level(out, tree, given map[string]any, path string, refs bool) error {
	for _, name := range sortedNames(given) {
		if _, known := tree[name]; !known {
			hint := "the definition has no secrets there"
			if names := sortedNames(tree); len(names) > 0 {
				hint = "the definition has " + strings.Join(names, ", ")
			}
			if near := drivers.Closest(name, sortedNames(tree)); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			return Invalidf("%s.%s%s: there is no such secret; %s", t.secretsField(), path, name, hint)
		}
	}
	for _, name := range sortedNames(tree) {
		child, nested := tree[name].(map[string]any)
		leaf, isRef := secretLeaf{value: tree[name]}, false
		if nested && refs {
			leaf, isRef = readSecretLeaf(child)
		}
		value, isGiven := plainSecret(given[name])
		switch {
		case nested && !isRef:
			below := map[string]any{}
			more, ok := given[name].(map[string]any)
			if given[name] != nil && !ok {
				return Invalidf("%s.%s%s: it must be an object with values for %s", t.secretsField(), path, name, strings.Join(sortedNames(child), ", "))
			}
			if err := t.level(below, child, more, path+name+".", refs); err != nil {
				return err
			}
			out[name] = below
		case refs && !nested:
			return Invalidf("driver_inputs.secret_refs.%s%s: expected {store, ref, version} or {value}", path, name)
		case isGiven:
			out[name] = value
		case leaf.value == nil:
			if tree[name] != nil {
				t.note(fmt.Sprintf("secret %s%s has no value in %s; the driver does not get it", path, name, t.secretsField()))
			}
		default:
			resolved, err := placeholder.Resolve(leaf.value, t.resolve)
			if err != nil {
				return Invalidf("driver_inputs: secret %s%s: %v", path, name, err)
			}
			out[name] = resolved
		}
	}
	return nil
}

func (t *trial) secretsField() string { return cmp.Or(t.in.secretsField, "secretRefs") }

// plainSecret is a value as it is given: itself, or {value}. A reference to a store has none here.
func plainSecret(v any) (any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return v, v != nil
	}
	if leaf, isLeaf := readSecretLeaf(m); isLeaf {
		return leaf.value, leaf.value != nil
	}
	return v, true
}

func (t *trial) note(text string) { t.out.Notes = append(t.out.Notes, text) }

// run calls the driver the way a deployment does.
func (t *trial) run(ctx context.Context, driver drivers.Driver, r drivers.Request) error {
	var rendered template.Rendering
	var err error
	if templates, ok := driver.(*template.Driver); ok {
		rendered, err = templates.Render(ctx, r.Clone())
		t.out.Random = template.Random(r.Values, r.Secrets)
	} else {
		rendered.Result, err = driver.Provision(ctx, r.Clone())
		rendered.Named = nameManifests(rendered.Manifests)
	}
	if err != nil {
		return err
	}
	if err := checkResult(rendered.Result, stringLeaves(r.Secrets)); err != nil {
		return err
	}
	t.out.Init, t.out.Manifests = rendered.Init, rendered.Named
	t.out.Values, t.out.Secrets = orEmpty(rendered.Values), orEmpty(rendered.Secrets)
	if rendered.Cookie != "" && json.Unmarshal([]byte(rendered.Cookie), &t.out.Cookie) != nil {
		t.out.Cookie = rendered.Cookie
	}
	return nil
}

// nameManifests names manifests by what they are; a number makes equal names different.
func nameManifests(manifests []drivers.Manifest) map[string]drivers.Manifest {
	out := make(map[string]drivers.Manifest, len(manifests))
	for _, m := range manifests {
		data, _ := m.Data.(map[string]any)
		metadata, _ := data["metadata"].(map[string]any)
		kind, _ := data["kind"].(string)
		name, _ := metadata["name"].(string)
		if kind == "" {
			kind = m.Location
			name, _ = data["name"].(string)
		}
		base := strings.ToLower(strings.Trim(kind+"-"+name, "-"))
		file := base + ".yaml"
		for n := 2; ; n++ {
			if _, taken := out[file]; !taken {
				break
			}
			file = fmt.Sprintf("%s-%d.yaml", base, n)
		}
		out[file] = m
	}
	return out
}
