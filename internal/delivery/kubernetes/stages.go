package kubernetes

import "strings"

// The stages of a delivery. All of one stage is applied, several objects at a time, before the next begins.
const (
	stageNamespaces = iota
	stageDefinitions
	stageConfiguration
	stageCustom
	stageWorkloads
	stageEdges
	stages
)

// stageOf gives the stage of an object. Custom resources come before the workloads, which wait for them more often than the other
// way round.
func stageOf(o *object) int {
	kind := o.GroupVersionKind()
	if !builtIn(kind.Group) {
		return stageCustom
	}
	switch kind.Kind {
	case "Namespace":
		return stageNamespaces
	case "CustomResourceDefinition", "PriorityClass", "StorageClass", "RuntimeClass", "IngressClass", "ResourceQuota", "LimitRange":
		return stageDefinitions
	case "Pod", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "ReplicationController", "Job", "CronJob":
		return stageWorkloads
	case "Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget", "APIService",
		"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
		return stageEdges
	}
	return stageConfiguration
}

// builtIn tells Kubernetes' own API groups from those of custom resources.
func builtIn(group string) bool {
	switch group {
	case "", "apps", "batch", "autoscaling", "policy", "extensions":
		return true
	case "gateway.networking.k8s.io", "snapshot.storage.k8s.io", "metrics.k8s.io":
		return false
	}
	return strings.HasSuffix(group, ".k8s.io")
}
