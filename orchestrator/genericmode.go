package orchestrator

import (
	"context"
	"fmt"
	"strings"
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
		if n.DriverType == "humanitec/echo" && len(sealed.Manifests) == 0 {
			d.logLine(ctx, run.dep.OrgID, run.dep.ID, n.Key.String(), "warn", fmt.Sprintf(
				"workload %s: definition %s matches, and its driver humanitec/echo makes nothing of a Score file; nothing runs for it", id, n.DefID))
		}
	}
	return out, nil
}
