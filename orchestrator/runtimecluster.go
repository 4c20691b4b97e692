package orchestrator

import (
	"context"
	"fmt"

	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/resource"
)

// RuntimeClusterID is the graph id of the cluster that an environment runs in
// when objects are delivered elsewhere, such as to a Git repository. A
// definition with the criterion res_id: k8s-cluster-runtime gives it; deployments
// then resolve it beside k8s-cluster.
const RuntimeClusterID = "k8s-cluster-runtime"

// RuntimeCluster is where the objects of an environment run, and how to read
// what became of them there.
type RuntimeCluster struct {
	// Target has address, credentials and namespace. Its Type says what can talk
	// to it: "k8s", "gke", "eks", "aks", never "git".
	Target Target
	// Resource is the graph id that gave it: k8s-cluster or k8s-cluster-runtime.
	Resource string
	// Hidden are the secret outputs of all resources of the environment: what is
	// read from the cluster may repeat them.
	Hidden []string
}

// RuntimeClusterOf says which cluster an environment runs in: that of its
// resource k8s-cluster-runtime, else of k8s-cluster, as its last deployment
// resolved them. It is nil, with the reason for people, when there is none that
// can be read: before the first deployment, and for an environment that is
// delivered to a repository and has no k8s-cluster-runtime. It checks no
// permission: that is the use case's.
func RuntimeClusterOf(ctx context.Context, store Store, keeper Keeper, ref EnvRef) (*RuntimeCluster, string, error) {
	env, err := store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, "", err
	}
	resources, err := store.ListActiveResources(ctx, ref)
	if err != nil {
		return nil, "", err
	}
	return runtimeClusterAmong(keeper, env, resources)
}

// runtimeClusterAmong is RuntimeClusterOf for resources that were read already.
func runtimeClusterAmong(keeper Keeper, env *Environment, resources []ActiveResource) (*RuntimeCluster, string, error) {
	cluster := runtimeResource(resources)
	if cluster == nil {
		return nil, fmt.Sprintf("environment %s has not been deployed, so nothing runs yet", env.Ref()), nil
	}
	kind, _ := cluster.Values["cluster_type"].(string)
	if kind == "git" {
		return nil, fmt.Sprintf("environment %s is delivered to a repository: add a k8s-cluster definition with the criterion res_id: %s "+
			"for the cluster that follows it, and deploy", env.Ref(), RuntimeClusterID), nil
	}
	out := &RuntimeCluster{Resource: cluster.Key.ID}
	for i := range resources {
		sealed, err := openSealed(keeper, &resources[i])
		if err != nil {
			return nil, "", Wrapf(CodeInternal, err, "the outputs of resource %s could not be decrypted", resources[i].Key)
		}
		out.Hidden = append(out.Hidden, stringLeaves(sealed.Secrets)...)
		if &resources[i] == cluster {
			out.Target = Target{
				Env: env.Ref(), Type: kind, Values: cluster.Values, Credentials: mapAt(sealed.Secrets, "credentials"),
				Namespace: namespaceOf(env, resources),
			}
		}
	}
	return out, "", nil
}

// runtimeResource picks the resource that says where an environment runs. A
// k8s-cluster-runtime that the last deployment did not resolve any more counts
// only for want of a better one: nothing is deleted when a definition stops
// matching.
func runtimeResource(resources []ActiveResource) *ActiveResource {
	var delivered, running *ActiveResource
	for i := range resources {
		r := &resources[i]
		switch {
		case r.Key.Type != clusterType || r.Status == ResourcePending:
		case r.Key.ID == clusterID:
			delivered = r
		case r.Key.ID == RuntimeClusterID:
			running = r
		}
	}
	if running == nil || delivered == nil {
		if running != nil {
			return running
		}
		return delivered
	}
	if running.DeployID < delivered.DeployID && delivered.Values["cluster_type"] != "git" {
		return delivered
	}
	return running
}

// clusterType is the resource type of clusters.
const clusterType = "k8s-cluster"

// implicitResources are what every environment of the context has:
// k8s-cluster-runtime is among it when a definition matches that very id. nil
// stands for the default.
func (g *graphSource) implicitResources(in resource.Context) []resource.Key {
	if len(g.runtimes) == 0 {
		return nil
	}
	key := resource.Key{Type: clusterType, Class: resource.DefaultClass, ID: RuntimeClusterID}
	_, criteria, _ := resource.Match(g.runtimes, in, key)
	if criteria == nil || criteria.ResID != RuntimeClusterID {
		return nil
	}
	return append(graph.DefaultImplicit(), key)
}

// runtimeDefinitions are the definitions that could give a k8s-cluster-runtime.
// The others of the type match it too, and never by its id.
func runtimeDefinitions(all []resource.Definition) []resource.Definition {
	var out []resource.Definition
	for _, def := range all {
		if def.Type != clusterType {
			continue
		}
		for _, c := range def.Criteria {
			if c.ResID == RuntimeClusterID {
				out = append(out, def)
				break
			}
		}
	}
	return out
}
