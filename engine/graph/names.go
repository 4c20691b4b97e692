package graph

import (
	"maps"
	"slices"
	"strings"

	"github.com/slipway-dev/slipway/engine/resource"
)

// names is what the placeholders of workloads and resource inputs may name.
type names struct {
	workloads map[string]bool
	externals map[string]map[string]resource.Key // by workload, then id
	shared    map[string]resource.Key            // by key in the set
	open      bool                               // the set says nothing about workloads, so any may exist
}

func (n *names) addExternal(workload, id string, key resource.Key) {
	if n.externals[workload] == nil {
		n.externals[workload] = map[string]resource.Key{}
	}
	if _, ok := n.externals[workload][id]; !ok {
		n.externals[workload][id] = key
	}
}

func (n *names) addShared(id string, key resource.Key) {
	if _, ok := n.shared[id]; !ok {
		n.shared[id] = key
	}
}

// addRequest learns the names that the id of a requested resource implies.
func (n *names) addRequest(key resource.Key) {
	if workload, external, ok := splitExternalID(key.ID); ok {
		n.workloads[workload] = true
		n.addExternal(workload, external, key)
		return
	}
	if key.Type == typeWorkload {
		n.workloads[moduleOf(key.ID)] = true
		return
	}
	id, ok := strings.CutPrefix(key.ID, "shared.")
	if !ok {
		return
	}
	n.addShared(id, key)
	// A set keeps shared resources of several classes under keys with this suffix and one common id.
	n.addShared(id+"-class-"+key.Class, key)
}

func externalID(workload, id string) string { return workloadID(workload) + ".externals." + id }

func workloadID(workload string) string { return "modules." + workload }

// splitExternalID takes modules.<workload>.externals.<id> apart.
func splitExternalID(id string) (workload, external string, ok bool) {
	rest, ok := strings.CutPrefix(id, "modules.")
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, ".externals.")
}

// moduleOf gives the workload that a graph id belongs to, or "".
func moduleOf(id string) string {
	if workload, _, ok := splitExternalID(id); ok {
		return workload
	}
	workload, ok := strings.CutPrefix(id, "modules.")
	if !ok {
		return ""
	}
	return workload
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
