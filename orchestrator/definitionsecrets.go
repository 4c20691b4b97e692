package orchestrator

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

const (
	maxSecret    = 256 << 10 // bytes of one secret
	maxSecretRef = 1024      // bytes of the name under which it is stored
)

// definitionSecretRef is the name under which the secrets of a definition are
// stored: clients know this form.
func definitionSecretRef(org, defID string, path []string) string {
	return "orgs--" + org + "--resources--defs--" + defID + "--driver_secrets--" + strings.Join(path, "--")
}

// keepSecrets turns the secrets of a request into the references that a
// definition remembers. Plain secrets are encrypted and stored, each as the
// next version of its name. A placeholder names the secret of another resource;
// it stays as {value}. A text with placeholders in it is stored too, and its
// placeholders stay beside the reference as {value}: the resource graph needs
// them, answers leave them out (shownSecretRefs). Null is left out.
func (s *Service) keepSecrets(ctx context.Context, org, defID string, in *DriverInputsRequest, at time.Time) (map[string]any, error) {
	if in.kept != nil {
		return in.kept, nil
	}
	mixed, err := s.mixedSecrets(ctx, org, defID)
	if err != nil {
		return nil, err
	}
	return in.keep(&secretWriter{
		org: org, defID: defID, mixed: mixed, source: s.secrets,
		put: func(ref, value string) (string, string, error) {
			return s.secrets.keepBuiltin(ctx, at, org, ref, value)
		},
	})
}

// forgetDriverSecrets erases the secrets that any version of a definition
// stored. References to the secrets of others stay.
func (s *Service) forgetDriverSecrets(ctx context.Context, org, defID string) error {
	versions, err := s.store.ListDefinitionVersions(ctx, org, defID)
	if err != nil {
		return err
	}
	refs := map[string]bool{}
	for leaf := range s.ownSecrets(org, defID, versions) {
		refs[leaf.ref] = true
	}
	for _, ref := range sortedNames(refs) {
		if err := s.store.DeleteSecret(ctx, org, ref, 0); err != nil && !IsNotFound(err) {
			return err
		}
	}
	return nil
}

// mixedSecrets are the placeholders in stored secrets of the definition as it
// is now, by reference: a client that sends a reference back does not know them.
func (s *Service) mixedSecrets(ctx context.Context, org, defID string) (map[string]any, error) {
	out := map[string]any{}
	d, err := s.store.GetDefinition(ctx, org, defID)
	if IsNotFound(err) {
		return out, nil
	}
	if err != nil || d.Active.DriverInputs == nil {
		return out, err
	}
	var note func(tree map[string]any)
	note = func(tree map[string]any) {
		if leaf, isLeaf := readSecretLeaf(tree); isLeaf {
			if leaf.ref != "" && leaf.value != nil {
				out[leaf.ref] = leaf.value
			}
			return
		}
		for _, child := range tree {
			if level, ok := child.(map[string]any); ok {
				note(level)
			}
		}
	}
	note(d.Active.DriverInputs.SecretRefs)
	return out, nil
}

// shownSecretRefs are references as clients see them.
func shownSecretRefs(tree map[string]any) map[string]any {
	if tree == nil {
		return nil
	}
	out := maps.Clone(tree)
	if leaf, isLeaf := readSecretLeaf(tree); isLeaf {
		if leaf.ref != "" {
			delete(out, "value")
		}
		return out
	}
	for key, child := range out {
		if level, ok := child.(map[string]any); ok {
			out[key] = shownSecretRefs(level)
		}
	}
	return out
}

// Shown is what clients see of driver inputs.
func (in *DriverInputs) Shown() *DriverInputs {
	if in == nil {
		return nil
	}
	return &DriverInputs{Values: in.Values, SecretRefs: shownSecretRefs(in.SecretRefs)}
}

// secretWriter stores the secrets of one definition.
type secretWriter struct {
	org, defID string
	mixed      map[string]any // placeholders in stored secrets, by reference
	source     secretSource
	put        func(ref, value string) (store, version string, err error)
}

// level converts one level of nesting.
func (w *secretWriter) level(path []string, tree map[string]any, convert func(path []string, v any) (any, error)) (map[string]any, error) {
	out := make(map[string]any, len(tree))
	for _, key := range sortedNames(tree) {
		child := slices.Concat(path, []string{key})
		if tree[key] == nil {
			continue
		}
		kept, err := convert(child, tree[key])
		if err != nil {
			return nil, err
		}
		out[key] = kept
	}
	return out, nil
}

// plain converts secrets that are given as they are.
func (w *secretWriter) plain(path []string, v any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		return w.level(path, v, w.plain)
	case []any:
		return nil, Invalidf("%s: a secret is a text; a list cannot be stored", secretAt("secrets", path))
	}
	return w.secret("secrets", path, v)
}

// reference converts secret_refs: leaves {store, ref, version} and {value}.
func (w *secretWriter) reference(path []string, v any) (any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, Invalidf("%s: expected {store, ref, version} or {value}", secretAt("secret_refs", path))
	}
	leaf, isLeaf := readSecretLeaf(m)
	if !isLeaf {
		return w.level(path, m, w.reference)
	}
	at := secretAt("secret_refs", path)
	switch {
	case leaf.value != nil && (leaf.store != "" || leaf.ref != "" || leaf.version != ""):
		return nil, Invalidf("%s: value cannot stand together with store, ref and version", at)
	case leaf.value != nil:
		return w.secret("secret_refs", path, leaf.value)
	case leaf.store == "" || leaf.ref == "":
		return nil, Invalidf("%s: store and ref are both required, unless value is given", at)
	case w.source.isBuiltin(leaf.store) && !ownDefinitionRef(w.org, w.defID, leaf.ref):
		return nil, Invalidf("%s: the store %q holds what Slipway keeps itself; of it a definition can name only its own secrets", at, leaf.store)
	}
	out := map[string]any{"store": leaf.store, "ref": leaf.ref}
	if leaf.version != "" {
		out["version"] = leaf.version
	}
	if value, ok := w.mixed[leaf.ref]; ok && ownDefinitionRef(w.org, w.defID, leaf.ref) {
		out["value"] = value
	}
	return out, nil
}

// secret keeps one secret. Messages never repeat its text.
func (w *secretWriter) secret(kind string, path []string, v any) (any, error) {
	at := secretAt(kind, path)
	text, err := placeholder.Text(v)
	if err != nil {
		return nil, Invalidf("%s: a secret is a text", at)
	}
	if len(text) > maxSecret {
		return nil, Invalidf("%s: %d bytes are too many for a secret; at most %d are possible", at, len(text), maxSecret)
	}
	refs, err := placeholder.References(text)
	if err != nil {
		return nil, Invalidf(`%s: it holds a malformed placeholder; write $\{ instead of ${ to keep the text as it is`, at)
	}
	for _, ref := range refs {
		if _, err := resource.ParsePath(ref); ref.Path[0] == "resources" && err != nil {
			return nil, Invalidf("%s: it holds a placeholder that does not have the form ${resources.<type[.class][#id]>.<attribute>}", at)
		}
	}
	if len(refs) == 1 && text == "${"+refs[0].Raw+"}" {
		return map[string]any{"value": text}, nil
	}
	ref := definitionSecretRef(w.org, w.defID, path)
	if len(ref) > maxSecretRef {
		return nil, Invalidf("%s: its name is too long to be stored", shorten(at))
	}
	kept := map[string]any{"ref": ref}
	if len(refs) > 0 {
		kept["value"] = placeholdersOf(refs)
	} else if text, err = unescape(text); err != nil {
		return nil, Invalidf("%s: it cannot be read", at)
	}
	if kept["store"], kept["version"], err = w.put(ref, text); err != nil {
		return nil, err
	}
	return kept, nil
}

// unescape undoes the escapes of a text without placeholders.
func unescape(text string) (string, error) {
	v, err := placeholder.Resolve(text, nil)
	plain, _ := v.(string)
	return plain, err
}

// placeholdersOf is a text with nothing but the placeholders.
func placeholdersOf(refs []placeholder.Reference) string {
	var b strings.Builder
	for _, r := range refs {
		b.WriteString("${" + r.Raw + "}")
	}
	return b.String()
}

// secretLeaf is a reference to a secret, or a secret (value).
type secretLeaf struct {
	store, ref, version string
	value               any
}

// readSecretLeaf tells a reference from a level of nesting.
func readSecretLeaf(m map[string]any) (leaf secretLeaf, ok bool) {
	for key, v := range m {
		text, isText := v.(string)
		if key != "value" && !isText && v != nil {
			return leaf, false
		}
		switch key {
		case "store":
			leaf.store = text
		case "ref":
			leaf.ref = text
		case "version":
			leaf.version = text
		case "value":
			if _, nested := v.(map[string]any); nested {
				return leaf, false
			}
			leaf.value = v
		default:
			return leaf, false
		}
	}
	return leaf, len(m) > 0
}

func secretAt(kind string, path []string) string {
	return "driver_inputs." + kind + "." + strings.Join(path, ".")
}
