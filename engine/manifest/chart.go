package manifest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// A chart renders a workload from its spec. It never sees a secret: each is replaced by a marker, and in what the chart
// gives markers are replaced by the secrets, where secrets may be: in the data of Secrets, and in the environment of
// containers, from where they are moved into a Secret.

// Concealed is a spec for a chart, with the secrets that its markers stand for.
type Concealed struct {
	// Values are the spec without secrets.
	Values  map[string]any
	secrets map[string]string // text by marker
}

const markerPrefix = "slipwaysecret"

var (
	marker       = regexp.MustCompile(markerPrefix + `[0-9a-f]{32}x`)
	brokenMarker = regexp.MustCompile(`(?i)` + markerPrefix)
)

// Conceal replaces the secrets of a spec by markers. A marker depends on the key and the secret: so what a chart
// computes of it, such as a checksum that rolls pods, changes with the secret and tells nothing about it.
func Conceal(spec map[string]any, key []byte) (*Concealed, error) {
	c := &Concealed{secrets: map[string]string{}}
	values, err := c.conceal(spec, key)
	if err != nil {
		return nil, err
	}
	c.Values, _ = values.(map[string]any)
	return c, nil
}

func (c *Concealed) conceal(v any, key []byte) (any, error) {
	switch v := v.(type) {
	case placeholder.Secret:
		text, err := placeholder.Text(placeholder.Reveal(v))
		if err != nil {
			return nil, fmt.Errorf("a secret of the spec is no text")
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		name := markerPrefix + hex.EncodeToString(mac.Sum(nil)[:16]) + "x"
		c.secrets[name] = text
		return name, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, child := range v {
			concealed, err := c.conceal(child, key)
			if err != nil {
				return nil, err
			}
			out[k] = concealed
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, child := range v {
			concealed, err := c.conceal(child, key)
			if err != nil {
				return nil, err
			}
			out[i] = concealed
		}
		return out, nil
	}
	return v, nil
}

// ChartObjects gives the objects of a rendered chart, in the order in which to apply them. files are the texts of its
// templates by path. The error is an *Error with all problems; it is returned without objects.
func ChartObjects(w Workload, c *Concealed, files map[string]string) ([]Object, error) {
	subject := fmt.Sprintf("workload %q", w.ID)
	r := &chartReader{w: w, c: c, ps: &problems{}, env: map[string]string{}}
	r.ps.dnsLabel(w.ID, "id")
	for _, name := range sortedKeys(files) {
		for i, document := range yamlDocuments(files[name], r.ps) {
			r.document(document, path(name).index(i))
		}
	}
	if secret := r.secretOfEnvironment(); secret != nil {
		r.objects = append(r.objects, Object{Tree: secret, From: "modules." + w.ID})
	}
	if len(r.objects) == 0 && len(r.ps.found) == 0 {
		r.ps.add("profile", "the chart gives no object for this spec")
	}
	if err := r.ps.err(subject); err != nil {
		return nil, err
	}
	Sort(r.objects)
	return r.objects, nil
}

// chartReader turns what a chart gave into objects.
type chartReader struct {
	w       Workload
	c       *Concealed
	ps      *problems
	objects []Object
	env     map[string]string // texts of secret variables, by key of the Secret that gets them
}

func (r *chartReader) document(document any, at path) {
	tree, ok := plain(document, at, 0, r.ps).(map[string]any)
	if !ok {
		r.ps.add(at, "expected a Kubernetes object, got %s", kindOf(document))
		return
	}
	for _, item := range expandList(tree, at, r.ps) {
		object := placeObject(item.tree, locationNamespace, r.w.Namespace, item.at, r.ps)
		annotations, _ := object["metadata"].(map[string]any)["annotations"].(map[string]any)
		if annotations["helm.sh/hook"] != nil {
			r.ps.add(item.at, "hooks of Helm do not run; make it an object of its own, or leave it out")
			continue
		}
		if isSecretObject(object) {
			r.reveal(object, item.at)
		} else {
			r.moveEnvironment(object)
		}
		r.check(object, item.at)
		sealObject(object, false)
		r.objects = append(r.objects, Object{Tree: object, From: "modules." + r.w.ID})
	}
}

// reveal puts the secrets into the data of a Secret.
func (r *chartReader) reveal(object map[string]any, at path) {
	if texts, ok := object["stringData"].(map[string]any); ok {
		for key, v := range texts {
			if text, isText := v.(string); isText {
				texts[key] = r.replaced(text)
			}
		}
	}
	data, _ := object["data"].(map[string]any)
	for key, v := range data {
		text, _ := v.(string)
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			if marker.MatchString(text) {
				r.ps.add(at.key("data").key(key), "data of a Secret has to be base64 (b64enc); use stringData for text")
			}
			continue
		}
		data[key] = base64.StdEncoding.EncodeToString([]byte(r.replaced(string(raw))))
	}
}

func (r *chartReader) replaced(text string) string {
	return marker.ReplaceAllStringFunc(text, func(name string) string {
		if secret, ok := r.c.secrets[name]; ok {
			return secret
		}
		return name
	})
}

// moveEnvironment moves variables with secrets into a Secret, wherever an object has containers.
func (r *chartReader) moveEnvironment(v any) {
	switch v := v.(type) {
	case map[string]any:
		if list, ok := v["env"].([]any); ok {
			for _, item := range list {
				r.moveVariable(item)
			}
		}
		for _, child := range v {
			r.moveEnvironment(child)
		}
	case []any:
		for _, child := range v {
			r.moveEnvironment(child)
		}
	}
}

func (r *chartReader) moveVariable(item any) {
	variable, _ := item.(map[string]any)
	text, _ := variable["value"].(string)
	if !marker.MatchString(text) {
		return
	}
	// The key depends on the marker, so that a changed secret rolls the pods.
	sum := sha256.Sum256([]byte(text))
	key := "v" + hex.EncodeToString(sum[:12])
	r.env[key] = r.replaced(text)
	delete(variable, "value")
	variable["valueFrom"] = map[string]any{"secretKeyRef": map[string]any{"name": r.environmentName(), "key": key}}
}

func (r *chartReader) environmentName() string { return r.w.ID + "-chart-env" }

func (r *chartReader) secretOfEnvironment() map[string]any {
	if len(r.env) == 0 {
		return nil
	}
	data := map[string]any{}
	for key, text := range r.env {
		data[key] = placeholder.Secret{Value: base64.StdEncoding.EncodeToString([]byte(text))}
	}
	return map[string]any{
		"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": data,
		"metadata": map[string]any{"name": r.environmentName(), "namespace": r.w.Namespace},
	}
}

// check reports markers that are left: secrets in wrong places, and ones that the chart has changed. Names, keys and
// values of the running pod are checked with them.
func (r *chartReader) check(v any, at path) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			r.checkText(key, at)
			r.check(v[key], at.key(key))
		}
	case []any:
		for i, child := range v {
			r.check(child, at.index(i))
		}
	case string:
		r.checkText(v, at)
	}
}

func (r *chartReader) checkText(text string, at path) {
	decoded, err := base64.StdEncoding.DecodeString(text)
	switch {
	case marker.MatchString(text):
		r.ps.add(at, "a secret is not allowed here; a chart may put secrets into the data of Secrets and the env of containers")
	case brokenMarker.MatchString(text), err == nil && brokenMarker.Match(decoded):
		r.ps.add(at, "the chart changes the text of a secret; it can only be put somewhere as it is, or with b64enc into the data of a Secret")
	case strings.Contains(text, "$("+downwardPrefix):
		r.ps.add(at, "values that only the running pod knows (${pod...}, ${containers...}) are not possible with a chart; use the downward API in it")
	}
}

// WithInjected gives a spec with what resources add to the pods of the workload: extraContainers and extraVolumes, which
// charts take from there. The spec itself stays.
func WithInjected(spec map[string]any, injected []Injection) (map[string]any, error) {
	if len(injected) == 0 {
		return spec, nil
	}
	out := make(map[string]any, len(spec)+2)
	for key, v := range spec {
		out[key] = v
	}
	ps := &problems{}
	for _, i := range injected {
		key := "extraContainers"
		if i.location() == locationVolumes {
			key = "extraVolumes"
		}
		list, _ := out[key].([]any)
		list = append([]any{}, list...)
		data := i.Data
		if placeholder.ContainsSecret(data) {
			ps.add(path(i.From), "a manifest that holds secrets cannot be added to a workload that a chart renders")
			continue
		}
		out[key] = append(list, documents(data, ps)...)
	}
	return out, ps.err("what resources add to the workload")
}

// IsBuiltinProfile reports whether a profile is rendered natively.
func IsBuiltinProfile(profile string) bool {
	_, ok := renderers[profileOrDefault(profile)]
	return ok
}
