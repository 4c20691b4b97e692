package manifest

import (
	"cmp"
	"slices"
	"strings"
)

// applyOrder lists kinds in the order in which they should reach a cluster: what others need comes first. Kinds that are
// not listed are custom resources; they come after the built-in configuration and before the workloads, because
// workloads more often wait for them than the other way round.
var applyOrder = map[string]int{
	"Namespace":                      0,
	"CustomResourceDefinition":       1,
	"PriorityClass":                  2,
	"StorageClass":                   2,
	"RuntimeClass":                   2,
	"NetworkPolicy":                  3,
	"ResourceQuota":                  3,
	"LimitRange":                     3,
	"ServiceAccount":                 4,
	"Secret":                         5,
	"ConfigMap":                      6,
	"PersistentVolume":               7,
	"PersistentVolumeClaim":          8,
	"ClusterRole":                    9,
	"ClusterRoleBinding":             10,
	"Role":                           11,
	"RoleBinding":                    12,
	"Service":                        13,
	"Pod":                            16,
	"ReplicaSet":                     16,
	"DaemonSet":                      17,
	"Deployment":                     17,
	"StatefulSet":                    17,
	"Job":                            18,
	"CronJob":                        18,
	"HorizontalPodAutoscaler":        19,
	"PodDisruptionBudget":            19,
	"IngressClass":                   20,
	"Ingress":                        21,
	"APIService":                     22,
	"MutatingWebhookConfiguration":   23,
	"ValidatingWebhookConfiguration": 23,
}

const customResourceRank = 15

// Sort puts objects into the order in which to apply them; the reverse is the order in which to delete. The order does
// not depend on the order of the input.
func Sort(objects []Object) {
	slices.SortStableFunc(objects, func(a, b Object) int {
		return cmp.Or(
			cmp.Compare(rank(a), rank(b)),
			cmp.Compare(a.Kind(), b.Kind()),
			cmp.Compare(a.Ref(), b.Ref()),
			cmp.Compare(a.APIVersion(), b.APIVersion()),
			cmp.Compare(a.From, b.From),
		)
	})
}

func rank(o Object) int {
	if r, ok := applyOrder[o.Kind()]; ok && builtInGroup(groupOf(o.APIVersion())) {
		return r
	}
	return customResourceRank
}

func groupOf(apiVersion string) string {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		return ""
	}
	return group
}

// builtInGroup tells Kubernetes' own API groups from those of custom resources: serving.knative.dev has a Service too.
func builtInGroup(group string) bool {
	switch group {
	case "", "apps", "batch", "autoscaling", "policy", "extensions":
		return true
	}
	return strings.HasSuffix(group, ".k8s.io")
}
