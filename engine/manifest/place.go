package manifest

import (
	"regexp"
	"slices"

	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// clusterKinds are the built-in kinds that live outside namespaces. Scopes of custom resources are known to the cluster
// only.
var clusterKinds = []string{
	"APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding",
	"CustomResourceDefinition", "DeviceClass", "FlowSchema", "IngressClass", "MutatingAdmissionPolicy",
	"MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume",
	"PriorityClass", "PriorityLevelConfiguration", "ResourceSlice", "RuntimeClass", "StorageClass",
	"ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment",
	"VolumeAttributesClass",
}

// namespacedKinds are built-in kinds for which an object of the cluster would be a mistake.
var namespacedKinds = []string{
	"ConfigMap", "CronJob", "DaemonSet", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Job", "LimitRange",
	"NetworkPolicy", "PersistentVolumeClaim", "Pod", "PodDisruptionBudget", "ReplicaSet", "ResourceQuota", "Role",
	"RoleBinding", "Secret", "Service", "ServiceAccount", "StatefulSet",
}

var apiVersionForm = regexp.MustCompile(`^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[a-z0-9]+$`)

// placeObject checks what identifies an object and puts it into its namespace. It changes tree, which its caller copied.
func placeObject(tree map[string]any, location, namespace string, at path, ps *problems) map[string]any {
	apiVersion := ps.str(tree["apiVersion"], at.key("apiVersion"))
	if !apiVersionForm.MatchString(apiVersion) {
		ps.add(at.key("apiVersion"), "expected a version such as v1 or apps/v1")
	}
	kind := ps.str(tree["kind"], at.key("kind"))
	if kind == "" {
		ps.add(at.key("kind"), "expected the kind of the object")
	}
	metadata := ps.object(tree["metadata"], at.key("metadata"))
	if metadata == nil {
		metadata = map[string]any{}
	}
	tree["metadata"] = metadata
	delete(tree, "status")
	checkMetadata(metadata, at.key("metadata"), ps)
	scoped := builtInGroup(groupOf(apiVersion))
	placeNamespace(metadata, location, namespace, at.key("metadata").key("namespace"), ps,
		scoped && slices.Contains(clusterKinds, kind), scoped && slices.Contains(namespacedKinds, kind))
	return tree
}

func placeNamespace(metadata map[string]any, location, namespace string, at path, ps *problems, ofCluster, ofNamespace bool) {
	given := ps.str(metadata["namespace"], at)
	if given != "" {
		ps.dnsLabel(given, at)
	}
	switch {
	case ofCluster:
		delete(metadata, "namespace")
	case given != "":
	case location == locationNamespace:
		metadata["namespace"] = namespace
	case ofNamespace:
		ps.add(at, "objects of this kind live in a namespace: name one, or use location namespace")
	}
}

func checkMetadata(metadata map[string]any, at path, ps *problems) {
	for _, key := range []string{"name", "namespace", "labels"} {
		if placeholder.ContainsSecret(metadata[key]) {
			ps.add(at.key(key), secretNotAllowed)
			return
		}
	}
	name := ps.str(metadata["name"], at.key("name"))
	switch {
	case name == "" && metadata["generateName"] != nil:
		ps.add(at.key("name"), "expected a name; generateName would create another object with every deployment")
	case name == "":
		ps.add(at.key("name"), "expected the name of the object")
	case len(name) > maxName || len(content.IsPathSegmentName(name)) > 0:
		ps.add(at.key("name"), "%q is not a valid name", name)
	}
	labels := ps.object(metadata["labels"], at.key("labels"))
	for _, key := range sortedKeys(labels) {
		ps.label(key, ps.str(labels[key], at.key("labels").key(key)), at.key("labels").key(key))
	}
	annotations := ps.object(metadata["annotations"], at.key("annotations"))
	for _, key := range sortedKeys(annotations) {
		ps.annotationKey(key, at.key("annotations").key(key))
		ps.str(annotations[key], at.key("annotations").key(key))
	}
}

func isSecretObject(tree map[string]any) bool {
	return textAt(tree, "kind") == "Secret" && groupOf(textAt(tree, "apiVersion")) == ""
}

// sealObject makes the data of a Secret secret leaves. With all set, everything that does not identify an object of
// another kind is sealed as well.
func sealObject(tree map[string]any, all bool) {
	if isSecretObject(tree) {
		for _, key := range []string{"data", "stringData"} {
			if tree[key] != nil {
				tree[key] = placeholder.Seal(tree[key])
			}
		}
	}
	if !all {
		return
	}
	for key := range tree {
		switch key {
		case "apiVersion", "kind":
		case "metadata":
			metadata, _ := tree[key].(map[string]any)
			if metadata["annotations"] != nil {
				metadata["annotations"] = placeholder.Seal(metadata["annotations"])
			}
		case "type", "immutable":
			if !isSecretObject(tree) {
				tree[key] = placeholder.Seal(tree[key])
			}
		default:
			tree[key] = placeholder.Seal(tree[key])
		}
	}
}

// checkObjectSecrets reports secrets of an object in a spec that stand outside the data of a Secret, and seals that data.
func checkObjectSecrets(tree map[string]any, at path, ps *problems) {
	allowed := isSecretObject(tree)
	for _, key := range sortedKeys(tree) {
		if allowed && (key == "data" || key == "stringData") {
			continue
		}
		reportSecrets(tree[key], at.key(key), ps)
	}
	sealObject(tree, false)
}
