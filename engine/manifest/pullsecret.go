package manifest

import (
	"encoding/base64"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// PullSecret are the credentials of a registry for the pods of a namespace.
type PullSecret struct {
	// ID is the id of the registry; it decides the name of the Secret.
	ID string
	// Registry is a domain, or a domain and the beginning of a path.
	Registry string
	// Username and Password are what kubelets sign in with.
	Username, Password string
	Namespace          string
	// Renewed says that the password is replaced in the cluster between deployments: that is no drift.
	Renewed bool
}

// PullSecretName is the name of the Secret with the credentials of a registry.
func PullSecretName(registryID string) string {
	return joinName(maxName, "slipway-registry", registryID)
}

// Object is the Secret of type kubernetes.io/dockerconfigjson. Its data is a placeholder.Secret leaf.
func (p PullSecret) Object() Object {
	// Kubelets know the credentials of docker.io by this name only.
	key := normalRegistry(p.Registry)
	if key == dockerHub {
		key = "https://index.docker.io/v1/"
	}
	config := canonical(map[string]any{"auths": map[string]any{key: map[string]any{
		"username": p.Username, "password": p.Password,
		"auth": base64.StdEncoding.EncodeToString([]byte(p.Username + ":" + p.Password)),
	}}})
	metadata := map[string]any{
		"name": PullSecretName(p.ID), "namespace": p.Namespace,
		"labels": map[string]any{labelManagedBy: "slipway"},
	}
	if p.Renewed {
		metadata["annotations"] = map[string]any{AnnotationIgnoreDrift: "/data"}
	}
	return Object{From: "registries." + p.ID, Tree: map[string]any{
		"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/dockerconfigjson", "metadata": metadata,
		"data": map[string]any{".dockerconfigjson": placeholder.Secret{Value: base64.StdEncoding.EncodeToString(config)}},
	}}
}

// AnnotationIgnoreDrift lists, divided by commas, the JSON pointers of an object that a scan for drift does not look at.
const AnnotationIgnoreDrift = "slipway.dev/ignore-drift"

// WithPullSecrets gives a spec whose imagePullSecrets name Secrets too, for charts that take them from there.
func WithPullSecrets(spec map[string]any, names []string) map[string]any {
	if len(names) == 0 {
		return spec
	}
	out := make(map[string]any, len(spec)+1)
	for key, v := range spec {
		out[key] = v
	}
	list, _ := out["imagePullSecrets"].([]any)
	list = append([]any{}, list...)
	for _, name := range names {
		list = append(list, map[string]any{"name": name})
	}
	out["imagePullSecrets"] = list
	return out
}
