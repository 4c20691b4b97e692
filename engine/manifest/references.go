package manifest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// annotationReferencesChecksum covers what pods take from ConfigMaps and Secrets that are not the workload's own.
const annotationReferencesChecksum = "checksum/references"

// AnnotationRoll with the value "false" on a ConfigMap or Secret keeps a change of it from rolling the pods that use it.
const AnnotationRoll = "slipway.dev/roll"

// RollOnReferences gives the pods of workloads a digest of the ConfigMaps and Secrets among objects that they take values
// or files from and that the workload itself does not render: those of resources and of extraObjects. So a change there
// rolls the pods. The digest is keyed by key (an unkeyed one would let a reader guess secrets) and covers the content
// only; pods that take nothing get none. Pull secrets do not count: they matter when a pod starts. Trees are changed.
func RollOnReferences(objects []Object, key func(workload Object) []byte) {
	data := map[string]Object{}
	for _, o := range objects {
		annotations, _ := o.metadata()["annotations"].(map[string]any)
		if (o.Kind() == "ConfigMap" || o.Kind() == "Secret") && o.APIVersion() == "v1" && annotations[AnnotationRoll] != "false" {
			data[o.Kind()+"/"+o.Namespace()+"/"+o.Name()] = o
		}
	}
	for _, o := range objects {
		template := podTemplateOf(o)
		if template == nil || !strings.HasPrefix(o.From, "modules.") {
			continue
		}
		content := map[string]any{}
		for _, ref := range referencesOf(template) {
			at := ref.kind + "/" + o.Namespace() + "/" + ref.name
			found, ok := data[at]
			if !ok || ownStore(found, o) {
				continue
			}
			content[at] = placeholder.Reveal(map[string]any{
				"data": found.Tree["data"], "stringData": found.Tree["stringData"], "binaryData": found.Tree["binaryData"],
			})
		}
		if len(content) == 0 {
			continue
		}
		mac := hmac.New(sha256.New, key(o))
		mac.Write(canonical(content))
		annotate(template, annotationReferencesChecksum, hex.EncodeToString(mac.Sum(nil)))
	}
}

// ownStore tells that an object holds variables and files of the workload's own spec, which checksum/config and
// checksum/secrets cover.
func ownStore(data, workload Object) bool {
	if data.From != workload.From {
		return false
	}
	s := newStore(strings.TrimPrefix(workload.From, "modules."))
	labels, _ := data.metadata()["labels"].(map[string]any)
	return labels[LabelWorkload] == s.module &&
		(strings.HasPrefix(data.Name(), s.configName("")) || strings.HasPrefix(data.Name(), s.secretName("")))
}

// podTemplateOf is the template of the pods of a built-in workload; nil for other objects.
func podTemplateOf(o Object) map[string]any {
	spec, _ := o.Tree["spec"].(map[string]any)
	switch o.Kind() {
	case "Deployment", "StatefulSet", "DaemonSet":
		if groupOf(o.APIVersion()) != "apps" {
			return nil
		}
	case "CronJob":
		jobs, _ := spec["jobTemplate"].(map[string]any)
		spec, _ = jobs["spec"].(map[string]any)
	default:
		return nil // a Job runs once; what it took then is of no interest any more
	}
	template, _ := spec["template"].(map[string]any)
	return template
}

type reference struct{ kind, name string }

// referencesOf lists the ConfigMaps and Secrets that pods take variables and files from.
func referencesOf(template map[string]any) []reference {
	spec, _ := template["spec"].(map[string]any)
	var out []reference
	add := func(kind string, v any, field string) {
		m, _ := v.(map[string]any)
		if name := textAt(m, field); name != "" {
			out = append(out, reference{kind, name})
		}
	}
	for _, list := range []string{"containers", "initContainers"} {
		for _, c := range children(spec, list) {
			for _, from := range children(c, "envFrom") {
				add("ConfigMap", from["configMapRef"], "name")
				add("Secret", from["secretRef"], "name")
			}
			for _, e := range children(c, "env") {
				value, _ := e["valueFrom"].(map[string]any)
				add("ConfigMap", value["configMapKeyRef"], "name")
				add("Secret", value["secretKeyRef"], "name")
			}
		}
	}
	for _, v := range children(spec, "volumes") {
		add("ConfigMap", v["configMap"], "name")
		add("Secret", v["secret"], "secretName")
		projected, _ := v["projected"].(map[string]any)
		for _, source := range children(projected, "sources") {
			add("ConfigMap", source["configMap"], "name")
			add("Secret", source["secret"], "name")
		}
	}
	return out
}

func children(m map[string]any, key string) []map[string]any {
	list, _ := m[key].([]any)
	var out []map[string]any
	for _, item := range list {
		if child, ok := item.(map[string]any); ok {
			out = append(out, child)
		}
	}
	return out
}

func annotate(object map[string]any, key, value string) {
	metadata, ok := object["metadata"].(map[string]any)
	if !ok {
		metadata = map[string]any{}
		object["metadata"] = metadata
	}
	annotations, ok := metadata["annotations"].(map[string]any)
	if !ok {
		annotations = map[string]any{}
		metadata["annotations"] = annotations
	}
	annotations[key] = value
}
