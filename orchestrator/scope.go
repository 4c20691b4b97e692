package orchestrator

import (
	"context"
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// scope answers the placeholders of one node: the one place where a
// placeholder gets its value. What is secret comes back as placeholder.Secret.
type scope struct {
	ctx     context.Context
	d       *Deployer
	run     *deploymentRun
	node    *Node
	planned *graph.Node
}

// inputs are the inputs of the resource. A workload's are its module as it
// stands, placeholders included: so no secret reaches its driver, and what the
// driver copies into its update is resolved when the workload is rendered. A
// workload of Generic Mode is planned with its placeholders escaped, because they
// are those of its Score file; resolving gives them back as they were.
func (s *scope) inputs() (map[string]any, error) {
	if s.node.Key.Type != "workload" {
		return s.plain(s.planned.Inputs, "resource inputs")
	}
	if err := s.run.loadSet(s.ctx, s.d); err != nil {
		return nil, err
	}
	if _, generic := s.run.set.Workloads[strings.TrimPrefix(s.node.Key.ID, "modules.")]; generic {
		return s.plain(s.planned.Inputs, "workload inputs")
	}
	return drivers.CloneMap(orEmpty(s.planned.Inputs)), nil
}

// plain resolves a tree that may not contain secrets, such as resource inputs
// and the values of driver inputs.
func (s *scope) plain(tree map[string]any, what string) (map[string]any, error) {
	out, err := placeholder.Resolve(orEmpty(tree), s.resolve)
	if err != nil {
		return nil, err
	}
	if path := secretLocation(out, ""); path != "" {
		return nil, secretRefused(path, what)
	}
	resolved, _ := out.(map[string]any)
	return resolved, nil
}

// secretRefused says where a secret stands that may not be there, and where it may.
func secretRefused(location, what string) error {
	return &placeholder.Error{Location: location, Err: fmt.Errorf(
		"a secret is not allowed in %s, which are stored and shown; put references to secret outputs and secret values into "+
			"driver_inputs.secret_refs of a definition as {value: ${...}}, or into variables and files of containers", what)}
}

// account resolves a driver_account: an id, or a placeholder for the account of another resource.
func (s *scope) account(text string) (string, error) {
	resolved, err := placeholder.Resolve(text, s.resolve)
	if err != nil {
		return "", fmt.Errorf("driver_account: %w", err)
	}
	if placeholder.ContainsSecret(resolved) {
		return "", secretRefused("/driver_account", "the names of driver accounts")
	}
	account, ok := resolved.(string)
	if !ok {
		return "", fmt.Errorf("driver_account: %s is no text; name an account or write ${resources.<ref>.account}", text)
	}
	return account, nil
}

// secrets resolves secret_refs: stored references are read from their store,
// {value} leaves may hold placeholders.
func (s *scope) secrets(refs map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(refs))
	for key, child := range refs {
		v, err := s.secretTree(child, key)
		if err != nil {
			return nil, err
		}
		out[key] = v
	}
	return out, nil
}

func (s *scope) secretTree(v any, path string) (any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("secret_refs.%s: expected {store, ref, version} or {value}, got something else", path)
	}
	if leaf, ok := readSecretLeaf(m); ok {
		return s.secretLeaf(leaf, path)
	}
	out := make(map[string]any, len(m))
	for key, child := range m {
		r, err := s.secretTree(child, path+"."+key)
		if err != nil {
			return nil, err
		}
		out[key] = r
	}
	return out, nil
}

// secretLeaf reads one secret. One that is stored although it names other
// resources' secrets (see secretWriter.secret) has its placeholders resolved.
func (s *scope) secretLeaf(leaf secretLeaf, path string) (any, error) {
	text := leaf.value
	if leaf.ref != "" {
		stored, err := s.run.reveal(s.ctx, s.d, leaf.store, leaf.ref, leaf.version)
		if err != nil {
			return nil, fmt.Errorf("secret_refs.%s: %w", path, err)
		}
		if leaf.value == nil {
			return stored, nil
		}
		text = stored
	}
	resolved, err := placeholder.ResolveSecret(text, s.resolve)
	if err != nil {
		return nil, fmt.Errorf("secret_refs.%s: %w", path, err)
	}
	return placeholder.Reveal(resolved), nil
}

// resolve gives the value of one placeholder.
func (s *scope) resolve(ref placeholder.Reference) (any, error) {
	if target, ok := s.planned.References[ref.Raw]; ok {
		return s.target(target)
	}
	switch ref.Path[0] {
	case "context":
		return s.context(ref.Path)
	case "values":
		return s.value(ref.Path)
	case "modules":
		if len(ref.Path) == 4 && ref.Path[2] == "service" && ref.Path[3] == "name" {
			return ref.Path[1], nil
		}
	}
	if manifest.IsDownward(ref.Path) {
		return manifest.Downward(ref.Path)
	}
	return nil, fmt.Errorf("nothing is known by this name; placeholders start with context, values, externals, shared, modules or resources")
}

func (s *scope) context(path placeholder.Path) (any, error) {
	known := map[string]string{
		"context.app.id": s.node.AppID, "context.env.id": s.node.EnvID, "context.env.type": s.run.env.TypeID,
		"context.org.id": s.node.OrgID, "context.deploy.id": s.run.dep.ID, "context.deploy.set.id": s.run.dep.SetID,
		"context.res.id": s.node.Key.ID, "context.res.type": s.node.Key.Type, "context.res.class": s.node.Key.Class,
		"context.res.guresid": s.node.GUResID,
	}
	name := strings.Join(path, ".")
	if name == "context.deploy.id" && s.run.unknown != nil {
		return s.run.unknown("the id of the deployment", "context.deploy.id")
	}
	if v, ok := known[name]; ok {
		return v, nil
	}
	return nil, fmt.Errorf("%s does not exist; there is app.id, env.id, env.type, org.id, deploy.id, deploy.set.id and res.{id,type,class,guresid}", name)
}

func (s *scope) value(path placeholder.Path) (any, error) {
	key := strings.Join(path[1:], ".")
	v, ok := s.run.values.Values[key]
	if !ok {
		return nil, fmt.Errorf("shared value %q does not exist in application %q or environment %q", key, s.node.AppID, s.node.EnvID)
	}
	if !v.IsSecret {
		return v.Value, nil
	}
	text, err := s.run.reveal(s.ctx, s.d, v.SecretStore, v.SecretKey, v.SecretVer)
	if err != nil {
		return nil, fmt.Errorf("shared value %q: %w", key, err)
	}
	return placeholder.Secret{Value: text}, nil
}

// target gives what a reference to one or several resources points at.
func (s *scope) target(t graph.Target) (any, error) {
	if !t.List {
		if len(t.Keys) != 1 {
			return nil, fmt.Errorf("the reference names %d resources, one is needed", len(t.Keys))
		}
		return s.attribute(t.Keys[0], t)
	}
	out := make([]any, 0, len(t.Keys))
	for _, key := range t.Keys {
		v, err := s.attribute(key, t)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (s *scope) attribute(key resource.Key, t graph.Target) (any, error) {
	n, ok := s.run.byKey[key]
	if !ok {
		return nil, fmt.Errorf("resource %s is not part of the graph", key)
	}
	if s.run.unknown != nil && n.Status == NodePending && t.Attribute != "guresid" {
		return s.unknownOutput(n, t)
	}
	switch t.Attribute {
	case "guresid":
		return n.GUResID, nil
	case "account":
		return n.DriverAccount, nil
	case "values":
		return n.Values, nil
	}
	if n.Status != NodeSucceeded {
		return nil, fmt.Errorf("resource %s has no outputs, it is %s", key, n.Status)
	}
	return s.output(n, t.Path)
}

// output looks among the values first, then among the secrets.
func (s *scope) output(n *Node, path placeholder.Path) (any, error) {
	if len(path) == 0 {
		return n.Values, nil
	}
	if _, ok := n.Values[path[0]]; ok {
		return placeholder.Lookup(n.Values, path)
	}
	sealed, err := s.run.sealed(s.d, n)
	if err != nil {
		return nil, err
	}
	if _, ok := sealed.Secrets[path[0]]; ok {
		v, err := placeholder.Lookup(sealed.Secrets, path)
		if err != nil {
			return nil, err
		}
		return placeholder.Seal(v), nil
	}
	return nil, fmt.Errorf("resource %s has no output %q; it has %s", n.Key, path.String(), outputNames(n.Values, sealed.Secrets))
}

func outputNames(values, secrets map[string]any) string {
	names := append(sortedNames(values), sortedNames(secrets)...)
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// secretLocation is the JSON pointer of the first secret leaf, "" when there is none.
func secretLocation(v any, at string) string {
	switch t := v.(type) {
	case placeholder.Secret:
		if at == "" {
			return "/"
		}
		return at
	case map[string]any:
		for _, k := range sortedNames(t) {
			if p := secretLocation(t[k], placeholder.Child(at, k)); p != "" {
				return p
			}
		}
	case []any:
		for i, child := range t {
			if p := secretLocation(child, placeholder.Child(at, fmt.Sprint(i))); p != "" {
				return p
			}
		}
	}
	return ""
}
