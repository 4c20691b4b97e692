package orchestrator

import (
	"context"
	"strings"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/schema"
)

// renderWorkload renders a workload natively, or through the chart of a profile
// of its organization.
func (d *Deployer) renderWorkload(ctx context.Context, w manifest.Workload) ([]manifest.Object, error) {
	id, own := ownProfileID(w.OrgID, w.Profile)
	if w.Profile == "" || !own || manifest.IsBuiltinProfile(w.Profile) {
		return manifest.Render(w)
	}
	profile, err := d.store.GetWorkloadProfile(ctx, w.OrgID, id)
	if IsNotFound(err) {
		return nil, profileProblem(w, "there is no workload profile %q; create it, or use humanitec/default-module", w.Profile)
	}
	if err != nil {
		return nil, err
	}
	version, err := d.store.GetWorkloadProfileVersion(ctx, w.OrgID, id, profile.Latest)
	if err != nil {
		return nil, err
	}
	return d.renderChart(ctx, w, version)
}

func (d *Deployer) renderChart(ctx context.Context, w manifest.Workload, version *WorkloadProfileVersion) ([]manifest.Object, error) {
	if d.charts == nil {
		return nil, profileProblem(w, "this worker renders no charts, which the workload profile %q needs", w.Profile)
	}
	chart, err := findChart(ctx, d.store, w.OrgID, manifest.ChartReference{ID: version.ChartID, Version: version.ChartVersion})
	if err != nil {
		return nil, err
	}
	spec, err := manifest.WithInjected(w.Spec, w.Injected)
	if err != nil {
		return nil, err
	}
	concealed, err := manifest.Conceal(manifest.WithPullSecrets(spec, w.PullSecrets), w.ChecksumKey)
	if err != nil {
		return nil, err
	}
	if err := checkSpec(w, version, concealed.Values); err != nil {
		return nil, err
	}
	files, err := d.charts.Render(ctx, ChartRelease{Archive: chart.Archive, Name: w.ID, Namespace: w.Namespace, Values: concealed.Values})
	if CodeOf(err) == CodeInvalid {
		return nil, profileProblem(w, "chart %s %s of workload profile %q: %v", chart.ID, chart.ChartVersion, w.Profile, err)
	}
	if err != nil {
		return nil, err
	}
	return manifest.ChartObjects(w, concealed, files)
}

// checkSpec compares a spec with the definition of its profile. What resources
// add is not the workload's to declare.
func checkSpec(w manifest.Workload, version *WorkloadProfileVersion, values map[string]any) error {
	document, err := manifest.SchemaOfDefinition(version.SpecDefinition)
	if err != nil {
		return err
	}
	judged := make(map[string]any, len(values))
	for key, v := range values {
		if _, inSpec := w.Spec[key]; inSpec {
			judged[key] = v
		}
	}
	found := schema.Later(document).Check(judged, schema.Options{Secret: func([]string) bool { return true }})
	if len(found) == 0 {
		return nil
	}
	out := &manifest.Error{Subject: "workload " + quote(w.ID)}
	for _, p := range found {
		out.Problems = append(out.Problems, manifest.Problem{Path: "spec", Message: p.String() + " (workload profile " + w.Profile + ")"})
	}
	return out
}

func profileProblem(w manifest.Workload, format string, args ...any) error {
	message := Invalidf(format, args...).Message
	return &manifest.Error{Subject: "workload " + quote(w.ID), Problems: []manifest.Problem{{Path: "profile", Message: strings.TrimSpace(message)}}}
}
