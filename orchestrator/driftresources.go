package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/objectdiff"
)

const (
	// detectAtOnce bounds how many resources of one scan are looked at in parallel.
	detectAtOnce = 4
	// detectOneWithin bounds the look at one resource, detectAllWithin that at all of
	// a scan, less than an attempt of the activity has: what there is no time for is
	// unknown, and the scan has a result.
	detectOneWithin = 20 * time.Minute
	detectAllWithin = 50 * time.Minute
)

// ScanDriftWith is ScanDrift with a look at the resources, too.
func (s *Service) ScanDriftWith(ctx context.Context, ref EnvRef, id string, ask ResourceDrift) (DriftResultOf, error) {
	return s.scanDrift(ctx, ref, id, ask)
}

// look is what was found of one resource.
type look struct {
	checked int
	found   []ObjectComparison
}

// compareResources adds to a scan what drivers tell, in the order of the
// resources. It reports whether there was anything to ask about.
func (s *Service) compareResources(ctx context.Context, scan *DriftScan, ignored []IgnoredField, ask ResourceDrift) (asked bool, err error) {
	if ask == nil {
		return false, nil
	}
	resources, err := s.deployedOf(ctx, scan, ask)
	if err != nil || len(resources) == 0 {
		return false, err
	}
	looks := make([]look, len(resources))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(detectAtOnce)
	budget, stop := context.WithTimeout(inner, detectAllWithin)
	defer stop()
	for i := range resources {
		group.Go(func() (err error) {
			looks[i], err = lookAt(inner, budget, &resources[i], scan.ID, ask)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return true, err
	}
	for i, l := range looks {
		scan.Checked += l.checked
		for _, c := range l.found {
			scan.add(resources[i].DriverType, c, ignored)
		}
	}
	return true, nil
}

// deployedOf are the resources to look at: those of the deployment that is compared
// with. What only an earlier one has used waits for its deletion, and deploying
// again would not bring it right.
func (s *Service) deployedOf(ctx context.Context, scan *DriftScan, ask ResourceDrift) ([]ActiveResource, error) {
	resources, err := ask.Detectable(ctx, scan.Ref())
	if err != nil || len(resources) == 0 {
		return nil, err
	}
	nodes, err := s.store.ListNodes(ctx, scan.OrgID, scan.BaseID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(resources, func(r ActiveResource) bool {
		return !slices.ContainsFunc(nodes, func(n Node) bool { return n.GUResID == r.GUResID })
	}), nil
}

// lookAt asks about one resource. Its error says that the scan has to be repeated;
// what is wrong with the resource alone makes it unknown.
func lookAt(ctx, budget context.Context, res *ActiveResource, scanID string, ask ResourceDrift) (look, error) {
	within, stop := context.WithTimeout(budget, detectOneWithin)
	defer stop()
	unknown := func(why string) (look, error) {
		return look{found: []ObjectComparison{{
			From: res.Key.String(), Kind: res.Key.Type, Name: res.Key.ID, State: ObjectUnknown, Message: why,
		}}}, nil
	}
	if budget.Err() != nil && ctx.Err() == nil {
		return unknown("there was no time left for it in this scan")
	}
	drift, err := ask.DetectDrift(within, res, scanID)
	var known *drivers.Error
	switch {
	case err == nil:
		return look{checked: drift.Checked, found: comparisonsOf(res, drift)}, nil
	case ctx.Err() != nil:
		return look{}, ctx.Err()
	case within.Err() != nil:
		return unknown(fmt.Sprintf("to look at it took longer than %s, or than the scan has for all of them, %s", detectOneWithin, detectAllWithin))
	case CodeOf(err) == CodeUnavailable:
		return look{}, err
	case !errors.As(err, &known):
		return unknown("what is kept of it cannot be read")
	case known.Code == drivers.CodeInterrupted:
		return look{}, Errorf(CodeUnavailable, "somebody changes resource %s; what is there is in motion", res.Key)
	case known.Code == drivers.CodeUncertain:
		return unknown("it is stopped until somebody answers the questions about it")
	}
	return unknown(known.Message)
}

func comparisonsOf(res *ActiveResource, drift drivers.Drift) []ObjectComparison {
	out := make([]ObjectComparison, 0, len(drift.Changes))
	for _, c := range drift.Changes {
		o := ObjectComparison{From: res.Key.String(), Kind: c.Kind, Name: c.Address, State: ObjectChanged}
		if c.Action == "delete" {
			o.State = ObjectMissing
		}
		for _, a := range c.Attributes {
			o.Changes = append(o.Changes, objectdiff.Change{Path: a.Path, Secret: a.Sensitive})
		}
		out = append(out, o)
	}
	return out
}
