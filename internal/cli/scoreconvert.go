package cli

import (
	"context"
	"fmt"
	"reflect"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/score"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// check converts without a server, which finds everything that is wrong with the file at once. Warnings are about what
// can be converted and not be deployed.
func (in scoreInput) check() (converted api.ConvertedScore, warnings []string, err error) {
	out, err := score.Convert(score.Input{
		Spec: in.Spec, Image: in.Image, Overrides: in.Overrides, PropertyOverrides: in.PropertyOverrides,
		TypeAliases: in.ResourceTypeAliases, Extensions: in.Extensions,
	})
	if err != nil {
		return api.ConvertedScore{}, nil, scoreError(in.file, err)
	}
	for _, w := range out.Warnings {
		warnings = append(warnings, fmt.Sprintf("%s: %s: %s", in.file, w.Path, w.Message))
	}
	return api.ConvertedScore{Modules: out.Modules, Shared: out.Shared}, warnings, nil
}

// convertAll converts every file, by the server when there is one, and puts the results together.
func (a *app) convertAll(ctx context.Context, c *client.Client, s client.Scope, inputs []scoreInput, source string) (api.ConvertedScore, error) {
	all := api.ConvertedScore{Modules: map[string]map[string]any{}, Shared: map[string]any{}}
	moduleFrom, sharedFrom := map[string]string{}, map[string]string{}
	for _, in := range inputs {
		one, warnings, err := in.check()
		a.warn(warnings)
		if err == nil && c != nil {
			if one, err = c.ConvertScore(ctx, s, in.ConvertScoreRequest); err != nil {
				err = fmt.Errorf("%s: %w", in.file, err)
			}
		}
		if err != nil {
			return all, err
		}
		for name, module := range one.Modules {
			if other := moduleFrom[name]; other != "" {
				return all, fmt.Errorf("%s and %s both describe the workload %s; give one of them another metadata.name", other, in.file, name)
			}
			annotate(module, source)
			all.Modules[name], moduleFrom[name] = module, in.file
		}
		for id, resource := range one.Shared {
			other := sharedFrom[id]
			if other != "" && !reflect.DeepEqual(all.Shared[id], resource) {
				return all, fmt.Errorf("%s and %s ask for the shared resource %s in different ways; make type, class and params the same", other, in.file, id)
			}
			all.Shared[id], sharedFrom[id] = resource, in.file
		}
	}
	return all, nil
}

func (a *app) warn(warnings []string) {
	for _, w := range warnings {
		fmt.Fprintln(a.err, "warning: "+w)
	}
}

// annotate notes where the source code of a workload is.
func annotate(module map[string]any, source string) {
	spec, ok := module["spec"].(map[string]any)
	if source == "" || !ok {
		return
	}
	annotations, ok := spec["annotations"].(map[string]any)
	if !ok {
		annotations = map[string]any{}
		spec["annotations"] = annotations
	}
	annotations["humanitec.io/workload-source"] = source
}

// deltaOf makes the Delta that adds everything that was converted.
func deltaOf(all api.ConvertedScore, env, name string) api.DeltaRequest {
	delta := api.DeltaRequest{
		Metadata: &api.DeltaMetadataRequest{EnvID: env, Name: name},
		Content:  deployset.Delta{Modules: deployset.Changes{Add: all.Modules}, Shared: []deployset.Op{}},
	}
	for _, id := range sortedKeys(all.Shared) {
		delta.Content.Shared = append(delta.Content.Shared, deployset.Op{Op: deployset.OpAdd, Path: "/" + pointer(id), Value: all.Shared[id]})
	}
	return delta
}
