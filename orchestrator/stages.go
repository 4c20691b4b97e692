package orchestrator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// A deployment whose modules have deploy conditions is delivered in stages:
// before, deploy, after. A stage without objects is left out, so that most
// deployments have one. What resources bring comes with the first stage, but for
// what takes workloads for granted, which comes with their main stage.

// StageAt says which stage of a deployment is meant.
type StageAt struct {
	N int
	// Since is when the stage was delivered; zero means now.
	Since time.Time
}

var stageOrder = []string{manifest.WhenBefore, manifest.WhenDeploy, manifest.WhenAfter}

// stagesOf lists the stages of objects, in their order; at least one.
func stagesOf(objects []manifest.Object) []string {
	used := map[string]bool{}
	for _, o := range objects {
		if isModuleObject(o) {
			used[whenOf(o)] = true
		}
	}
	if len(used) == 0 {
		return []string{manifest.WhenDeploy}
	}
	return slices.DeleteFunc(slices.Clone(stageOrder), func(when string) bool { return !used[when] })
}

func isModuleObject(o manifest.Object) bool { return strings.HasPrefix(o.From, "modules.") }

func whenOf(o manifest.Object) string {
	if o.Deploy == nil {
		return manifest.WhenDeploy
	}
	return o.Deploy.When
}

// edgeKinds are objects that a cluster begins to act on with the workloads they name.
var edgeKinds = []string{
	"Ingress", "HorizontalPodAutoscaler", "PodDisruptionBudget", "APIService",
	"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
}

// stageOf is the stage of an object among those that there are.
func stageOf(o manifest.Object, all []string) string {
	switch {
	case isModuleObject(o):
		return whenOf(o)
	case !slices.Contains(edgeKinds, o.Kind()):
		return all[0]
	case slices.Contains(all, manifest.WhenDeploy):
		return manifest.WhenDeploy
	}
	return all[len(all)-1]
}

// onlyStage gives a delivery of one stage: what belongs to the others is left as
// it is in the target.
func onlyStage(objects []manifest.Object, n int, all []string) []manifest.Object {
	out := slices.Clone(objects)
	for i := range out {
		if stageOf(out[i], all) != all[n] {
			out[i].Kept = true
		}
	}
	return out
}

// awaitedIn are the objects to watch after a stage. What resources bring is
// watched at the end, when all is there.
func awaitedIn(objects []manifest.Object, n int, all []string) []manifest.Object {
	last := n == len(all)-1
	return slices.DeleteFunc(slices.Clone(objects), func(o manifest.Object) bool {
		if !isModuleObject(o) {
			return !last
		}
		return whenOf(o) != all[n] || o.Deploy.Awaited(o) == manifest.SuccessDeploy
	})
}

// longestWait is the longest time of the conditions of objects.
func longestWait(objects []manifest.Object) time.Duration {
	var longest time.Duration
	for _, o := range objects {
		if o.Deploy != nil {
			longest = max(longest, time.Duration(o.Deploy.Timeout)*time.Second)
		}
	}
	return longest
}

// checkStage refuses a stage that there is not.
func checkStage(n int, all []string) error {
	if n < 0 || n >= len(all) {
		return Invalidf("there is no stage %d; this deployment is delivered in %d", n, len(all))
	}
	return nil
}

// stageRequest narrows a delivery to one stage, when one is asked for and the
// target can tell when it is ready.
func (d *Deployer) stageRequest(
	ctx context.Context, dep *Deployment, request *DeliveryRequest, delivery Delivery, kind string, stage *int,
) (DeliverResult, error) {
	out := DeliverResult{Watch: true, Limit: longestWait(request.Objects)}
	if _, watches := delivery.(Watcher); !watches {
		d.noteStages(ctx, dep, kind, request.Objects)
		return out, nil
	}
	if stage == nil {
		return out, nil
	}
	all := stagesOf(request.Objects)
	if err := checkStage(*stage, all); err != nil {
		return out, err
	}
	if len(all) == 1 {
		return out, nil
	}
	awaited := awaitedIn(request.Objects, *stage, all)
	request.Objects = onlyStage(request.Objects, *stage, all)
	request.Partial = *stage < len(all)-1
	d.logLine(ctx, dep.OrgID, dep.ID, "", "info", fmt.Sprintf("stage %d of %d: what is deployed %q", *stage+1, len(all), all[*stage]))
	return DeliverResult{Watch: len(awaited) > 0, More: request.Partial, Limit: longestWait(awaited)}, nil
}

// noteStages tells that a target which takes everything at once does not honour
// the conditions.
func (d *Deployer) noteStages(ctx context.Context, dep *Deployment, kind string, objects []manifest.Object) {
	if all := stagesOf(objects); len(all) > 1 {
		d.logLine(ctx, dep.OrgID, dep.ID, "", "warn", fmt.Sprintf(
			"a target of the kind %s takes everything at once: the deploy conditions of the modules (%s) decide nothing there", kind, strings.Join(all, ", ")))
	}
}

// countKept counts what a delivery leaves as it is.
func countKept(objects []manifest.Object) int {
	n := 0
	for _, o := range objects {
		if o.Kept {
			n++
		}
	}
	return n
}
