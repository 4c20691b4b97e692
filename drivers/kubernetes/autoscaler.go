package kubernetes

import (
	"strings"

	"github.com/slipway-dev/slipway/drivers"
)

// autoscaler is humanitec/hpa: inputs minReplicas, maxReplicas and
// targetCPUUtilizationPercentage, those of the resource before those of the
// definition (defaults 2, 3 and 80). It scales the Deployment of the workload that asks for it.
func autoscaler() *Driver {
	return &Driver{
		descriptor: drivers.Descriptor{
			ID:           "humanitec/hpa",
			ResourceType: "horizontal-pod-autoscaler",
			Kind:         drivers.InProcess,
			Description:  "Scales the Deployment of a workload by its processor use.",
			InputsSchema: drivers.ParseSchema(`{"type": "object", "properties": {"values": {"type": "object", "properties": {
				"minReplicas": {"type": "integer", "minimum": 1},
				"maxReplicas": {"type": "integer", "minimum": 1},
				"targetCPUUtilizationPercentage": {"type": "integer", "minimum": 1}
			}}}}`),
		},
		shape: shapeAutoscaler,
	}
}

func shapeAutoscaler(r drivers.Request) (drivers.Result, error) {
	workload, err := workloadOf(r.ID)
	if err != nil {
		return drivers.Result{}, err
	}
	least, err := count(r, "minReplicas", 2)
	if err != nil {
		return drivers.Result{}, err
	}
	most, err := count(r, "maxReplicas", max(3, least))
	if err != nil {
		return drivers.Result{}, err
	}
	target, err := count(r, "targetCPUUtilizationPercentage", 80)
	if err != nil {
		return drivers.Result{}, err
	}
	if most < least {
		return drivers.Result{}, drivers.Invalid("driver humanitec/hpa: maxReplicas (%g) is less than minReplicas (%g)", most, least)
	}
	return drivers.Result{
		Values: map[string]any{"name": workload},
		Manifests: []drivers.Manifest{{Location: drivers.LocationNamespace, Data: map[string]any{
			"apiVersion": "autoscaling/v2",
			"kind":       "HorizontalPodAutoscaler",
			"metadata":   map[string]any{"name": workload},
			"spec": map[string]any{
				"scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": workload},
				"minReplicas":    least,
				"maxReplicas":    most,
				"metrics": []any{map[string]any{
					"type": "Resource",
					"resource": map[string]any{
						"name":   "cpu",
						"target": map[string]any{"type": "Utilization", "averageUtilization": target},
					},
				}},
			},
		}}},
	}, nil
}

// workloadOf finds the workload in a graph id such as modules.api.externals.hpa.
func workloadOf(id string) (string, error) {
	parts := strings.Split(id, ".")
	if len(parts) < 2 || parts[0] != "modules" || drivers.CheckDNSLabel(parts[1]) != nil {
		return "", drivers.Invalid("driver humanitec/hpa: resource %q belongs to no workload; declare the autoscaler in the workload that it scales", id)
	}
	return parts[1], nil
}

// count reads a whole number of at least one.
func count(r drivers.Request, name string, fallback float64) (float64, error) {
	v := first(r.Resource[name], r.Values[name])
	if v == nil {
		return fallback, nil
	}
	n, ok := v.(float64)
	if !ok || n < 1 || n != float64(int32(n)) {
		return 0, drivers.Invalid("driver humanitec/hpa: %s must be a whole number of at least 1", name)
	}
	return n, nil
}
