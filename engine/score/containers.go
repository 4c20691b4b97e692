package score

import (
	"encoding/base64"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/score-spec/score-go/types"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

func containers(declared types.WorkloadContainers, subst *substituter) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		out[name] = container(name, declared[name], subst)
	}
	return out
}

func container(name string, declared types.Container, subst *substituter) map[string]any {
	where := at("containers", name)
	out := map[string]any{"id": name, "image": subst.text(below(where, "image"), declared.Image, expanded)}
	set := func(key string, value map[string]any) {
		if len(value) > 0 {
			out[key] = value
		}
	}
	if len(declared.Command) > 0 {
		out["command"] = subst.list(below(where, "command"), declared.Command, verbatim)
	}
	if len(declared.Args) > 0 {
		out["args"] = subst.list(below(where, "args"), declared.Args, verbatim)
	}
	variables := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(declared.Variables)) {
		variables[key] = subst.text(below(where, "variables", key), declared.Variables[key], expanded)
	}
	set("variables", variables)
	set("files", files(where, declared.Files, subst))
	set("volume_mounts", volumes(where, declared.Volumes, subst))
	set("resources", computeResources(declared.Resources))
	set("liveness_probe", probe(below(where, "livenessProbe"), declared.LivenessProbe, subst))
	set("readiness_probe", probe(below(where, "readinessProbe"), declared.ReadinessProbe, subst))
	return out
}

func files(where string, declared types.ContainerFiles, subst *substituter) map[string]any {
	out := map[string]any{}
	for _, target := range slices.Sorted(maps.Keys(declared)) {
		out[target] = file(below(where, "files", target), declared[target], subst)
	}
	return out
}

// file gives {mode?, value}, where value is text with placeholders; or {mode?, binaryContent} in standard base64 for
// content that is not text.
func file(where string, declared types.ContainerFile, subst *substituter) map[string]any {
	out := map[string]any{}
	if declared.Mode != nil {
		out["mode"] = *declared.Mode
	}
	switch {
	case declared.Source != nil:
		subst.found.add(below(where, "source"), "the content of %q is not here; read the file where the Score file is and send "+
			"it as content or binaryContent", *declared.Source)
	case declared.BinaryContent != nil:
		raw, err := base64.StdEncoding.DecodeString(*declared.BinaryContent)
		if err != nil {
			subst.found.add(below(where, "binaryContent"), "expected standard base64: %v", err)
			break
		}
		if isText(raw) {
			out["value"] = placeholder.Escape(string(raw))
			break
		}
		out["binaryContent"] = *declared.BinaryContent
	case declared.Content != nil && declared.NoExpand != nil && *declared.NoExpand:
		out["value"] = placeholder.Escape(*declared.Content)
	case declared.Content != nil:
		out["value"] = subst.text(below(where, "content"), *declared.Content, expandedFile)
	}
	return out
}

// isText reports whether the content can stand in a JSON document and in a ConfigMap as text.
func isText(raw []byte) bool {
	return utf8.Valid(raw) && !slices.Contains(raw, 0)
}

// volumes gives the mounts by path. Their id is the name of a volume, or a reference to a resource without the braces
// of a placeholder: "externals.data".
func volumes(where string, declared types.ContainerVolumes, subst *substituter) map[string]any {
	out := map[string]any{}
	for _, target := range slices.Sorted(maps.Keys(declared)) {
		volume := declared[target]
		here := below(where, "volumes", target)
		mount := map[string]any{"id": subst.text(below(here, "source"), volume.Source, expanded)}
		if volume.Path != nil && *volume.Path != "" {
			mount["sub_path"] = subst.text(below(here, "path"), *volume.Path, verbatim)
		}
		if volume.ReadOnly != nil {
			mount["read_only"] = *volume.ReadOnly
		}
		out[target] = mount
	}
	return out
}

func computeResources(declared *types.ContainerResources) map[string]any {
	if declared == nil {
		return nil
	}
	out := map[string]any{}
	for kind, limits := range map[string]*types.ResourcesLimits{"limits": declared.Limits, "requests": declared.Requests} {
		if limits == nil {
			continue
		}
		amounts := map[string]any{}
		if limits.Cpu != nil && *limits.Cpu != "" {
			amounts["cpu"] = *limits.Cpu
		}
		if limits.Memory != nil {
			amounts["memory"] = *limits.Memory
		}
		if len(amounts) > 0 {
			out[kind] = amounts
		}
	}
	return out
}

// probe gives a command probe where there is a choice: Score asks implementations that know both to prefer it.
func probe(where string, declared *types.ContainerProbe, subst *substituter) map[string]any {
	if declared == nil {
		return nil
	}
	if declared.Exec != nil {
		return map[string]any{"type": "command", "command": subst.list(below(where, "exec", "command"), declared.Exec.Command, verbatim)}
	}
	if declared.HttpGet == nil {
		return nil
	}
	here := below(where, "httpGet")
	out := map[string]any{
		"type": "http",
		"path": subst.text(below(here, "path"), declared.HttpGet.Path, verbatim),
		"port": declared.HttpGet.Port,
	}
	if declared.HttpGet.Scheme != nil {
		out["scheme"] = string(*declared.HttpGet.Scheme)
	}
	if declared.HttpGet.Host != nil {
		out["host"] = subst.text(below(here, "host"), *declared.HttpGet.Host, verbatim)
	}
	headers := map[string]any{}
	for _, header := range declared.HttpGet.HttpHeaders {
		if _, taken := headers[header.Name]; taken {
			subst.found.add(below(here, "httpHeaders"), "the header %q is given twice; join its values with a comma", header.Name)
		}
		headers[header.Name] = subst.text(below(here, "httpHeaders", header.Name), header.Value, verbatim)
	}
	if len(headers) > 0 {
		out["headers"] = headers
	}
	return out
}
