package kubernetes

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/redaction"
	"github.com/slipway-dev/slipway/orchestrator"
)

// batch is one delivery to one cluster: the objects as they are sent, in the order in which they are.
type batch struct {
	*cluster
	request orchestrator.DeliveryRequest
	objects []*object
	// redact hides the secrets of the objects, which the API server repeats when it refuses one.
	redact *redaction.Redactor
	hidden []string    // the secrets themselves
	known  map[id]bool // objects in the cluster that are the environment's for certain

	scaledOnce sync.Once
	scaledIDs  map[id]bool // what an autoscaler of this delivery scales
}

// object is one object on its way to the cluster.
type object struct {
	*unstructured.Unstructured
	from  string
	kept  bool  // stays as it is
	place place // known from the moment its stage begins

	deploy *manifest.DeployCondition // of its module; nil without
}

// String names an object as people do: deployment "api" in namespace "shop-dev".
func (o *object) String() string {
	return describe(o.GroupVersionKind(), o.GetNamespace(), o.GetName())
}

func describe(kind schema.GroupVersionKind, namespace, name string) string {
	if namespace == "" {
		return fmt.Sprintf("%s %q", kind.Kind, name)
	}
	return fmt.Sprintf("%s %q in namespace %q", kind.Kind, name, namespace)
}

// id identifies an object across versions of its API.
type id struct {
	kind            schema.GroupKind
	namespace, name string
}

func (o *object) id() id {
	return id{o.GroupVersionKind().GroupKind(), o.GetNamespace(), o.GetName()}
}

func newBatch(c *cluster, r orchestrator.DeliveryRequest) (*batch, error) {
	b := &batch{cluster: c, request: r, known: map[id]bool{}}
	sorted := slices.Clone(r.Objects)
	manifest.Sort(sorted)
	var hidden []string
	for _, o := range sorted {
		hidden = append(hidden, secretTexts(o)...)
		tree, _ := placeholder.Reveal(o.Tree).(map[string]any)
		u := &unstructured.Unstructured{Object: tree}
		if u.GetAPIVersion() == "" || u.GetKind() == "" || u.GetName() == "" {
			return nil, orchestrator.Invalidf("an object of %s lacks apiVersion, kind or metadata.name and cannot be delivered", o.From)
		}
		b.label(u)
		encodeStringData(u)
		b.objects = append(b.objects, &object{Unstructured: u, from: o.From, kept: o.Kept, deploy: o.Deploy})
	}
	for _, v := range r.Credentials {
		hidden = append(hidden, texts(v)...)
	}
	b.hidden = slices.Concat(hidden, r.Secrets)
	b.redact = redaction.New(b.hidden...)
	return b, nil
}

// labels say whose an object is, to people and to prune and Remove, which delete nothing that is labelled as another's.
func (b *batch) labels() map[string]string {
	env := b.request.Env
	return map[string]string{manifest.LabelOrg: env.OrgID, manifest.LabelApp: env.AppID, manifest.LabelEnv: env.EnvID}
}

func (b *batch) label(u *unstructured.Unstructured) {
	all := u.GetLabels()
	if all == nil {
		all = map[string]string{}
	}
	if _, given := all[labelManagedBy]; !given {
		all[labelManagedBy] = FieldManager
	}
	maps.Copy(all, b.labels())
	u.SetLabels(all)
}

// say tells the people who look after the environment.
func (b *batch) say(level, format string, args ...any) {
	if b.request.Log != nil {
		b.request.Log(level, b.redact.String(fmt.Sprintf(format, args...)))
	}
}

const labelManagedBy = "app.kubernetes.io/managed-by"

// encodeStringData turns the stringData of a Secret into data. The API server does the same on arrival, but then does not know
// any more which of the keys were applied, so that one that is dropped later would stay.
func encodeStringData(u *unstructured.Unstructured) {
	if u.GetKind() != "Secret" || u.GetAPIVersion() != "v1" {
		return
	}
	plain, ok := u.Object["stringData"].(map[string]any)
	if !ok {
		return
	}
	data, _ := u.Object["data"].(map[string]any)
	if data == nil {
		data = map[string]any{}
	}
	for key, value := range plain {
		text, ok := value.(string)
		if !ok {
			return // for the API server to refuse
		}
		data[key] = base64.StdEncoding.EncodeToString([]byte(text))
	}
	u.Object["data"] = data
	delete(u.Object, "stringData")
}

// secretTexts lists the texts of an object that must not appear anywhere.
func secretTexts(o manifest.Object) []string {
	var out []string
	if o.Kind() == "Secret" {
		out = append(texts(placeholder.Reveal(o.Tree["stringData"])), texts(placeholder.Reveal(o.Tree["data"]))...)
		for _, encoded := range slices.Clone(out) {
			if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
				out = append(out, string(plain))
			}
		}
		return out
	}
	return leaves(o.Tree)
}

// leaves lists the secrets of an object that is not a Secret.
func leaves(v any) []string {
	switch t := v.(type) {
	case placeholder.Secret:
		return texts(placeholder.Reveal(t))
	case map[string]any:
		var out []string
		for _, child := range t {
			out = append(out, leaves(child)...)
		}
		return out
	case []any:
		var out []string
		for _, child := range t {
			out = append(out, leaves(child)...)
		}
		return out
	}
	return nil
}

// texts lists all texts below v.
func texts(v any) []string {
	switch t := v.(type) {
	case nil:
		return nil
	case string:
		return []string{t}
	case map[string]any:
		var out []string
		for _, child := range t {
			out = append(out, texts(child)...)
		}
		return out
	case []any:
		var out []string
		for _, child := range t {
			out = append(out, texts(child)...)
		}
		return out
	}
	return []string{fmt.Sprint(v)}
}
