package orchestrator

import (
	"context"
	"fmt"
	"strings"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// A workload of Generic Mode is a Score file that its workload resource's driver
// interprets. What runs is what that driver makes, as manifests or elsewhere, so a
// workload that nobody interprets must not pass for one that runs.

// genericProblems reports workloads of Generic Mode that no definition matches,
// and tells in the log about those whose definition leaves them alone.
func (d *Deployer) genericProblems(ctx context.Context, run *deploymentRun) ([]DeploymentError, error) {
	if err := run.loadSet(ctx, d); err != nil {
		return nil, err
	}
	var out []DeploymentError
	for i := range run.nodes {
		n := &run.nodes[i]
		id, isWorkload := strings.CutPrefix(n.Key.ID, "modules.")
		if _, generic := run.set.Workloads[id]; n.Key.Type != "workload" || !isWorkload || !generic {
			continue
		}
		if n.DefID == "" {
			message := fmt.Sprintf("workload %s: no definition of type workload and class %s matches, so nothing interprets its Score file; "+
				"create one whose driver does, or deploy it as a module", id, n.Key.Class)
			out = append(out, DeploymentError{Scope: "workload", Code: "DEP-MANIFEST", ErrorType: "manifest", ObjectID: id, Summary: message, Message: message})
			continue
		}
		sealed, err := run.sealed(d, n)
		if err != nil {
			return nil, err
		}
		if n.DriverType == echoDriver && len(sealed.Manifests) == 0 {
			d.logLine(ctx, run.dep.OrgID, run.dep.ID, n.Key.String(), "warn", fmt.Sprintf(
				"workload %s: definition %s matches, and its driver humanitec/echo makes nothing of a Score file; nothing runs for it", id, n.DefID))
		}
	}
	return out, nil
}

// podOwners are the kinds that run pods, with where the metadata of their pods are.
var podOwners = map[string][]string{
	"Deployment": {"spec", "template"}, "StatefulSet": {"spec", "template"}, "DaemonSet": {"spec", "template"}, "ReplicaSet": {"spec", "template"},
	"Job": {"spec", "template"}, "CronJob": {"spec", "jobTemplate", "spec", "template"}, "Pod": {},
}

// labelGeneric names the workload on what a driver made of its Score file and that
// runs pods, so that its state, logs and operations are found as those of others.
// A label that is there stays.
func (d *Deployer) labelGeneric(ctx context.Context, run *deploymentRun, n *Node, objects []manifest.Object) error {
	id, isWorkload := strings.CutPrefix(n.Key.ID, "modules.")
	if n.Key.Type != "workload" || !isWorkload || len(objects) == 0 {
		return nil
	}
	if err := run.loadSet(ctx, d); err != nil {
		return err
	}
	if _, generic := run.set.Workloads[id]; !generic {
		return nil
	}
	for _, o := range objects {
		path, runs := podOwners[o.Kind()]
		if !runs {
			continue
		}
		addLabel(o.Tree, manifest.LabelWorkload, id)
		tree := o.Tree
		for _, field := range path {
			tree, _ = tree[field].(map[string]any)
		}
		if tree != nil && len(path) > 0 {
			addLabel(tree, manifest.LabelWorkload, id)
		}
	}
	return nil
}

func addLabel(tree map[string]any, name, value string) {
	metadata, ok := tree["metadata"].(map[string]any)
	if !ok {
		metadata = map[string]any{}
		tree["metadata"] = metadata
	}
	labels, ok := metadata["labels"].(map[string]any)
	if !ok {
		labels = map[string]any{}
		metadata["labels"] = labels
	}
	if _, there := labels[name]; !there {
		labels[name] = value
	}
}
