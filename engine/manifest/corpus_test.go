package manifest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/manifest"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/score"
)

// Public Score files that convert and still cannot run, with the problem that has to be named.
var notRunnable = map[string]string{
	"score-spec__docs__schemas__samples__score-full.yaml":      "resources.requests.memory: 10Gi is more than the limit 128M",
	"score-spec__spec__samples__score-full.yaml":               "resources.requests.memory: 10Gi is more than the limit 128M",
	"Humanitec-DemoOrg__sh-demo__score__workload2__score.yaml": "a file cannot lie inside the volume that is mounted at /mnt/data",
}

// Every public Score file that converts also renders, with invented outputs for its resources.
func TestCorpusScoreFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(corpus(t), "score", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	rendered := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var spec map[string]any
		if yaml.Unmarshal(raw, &spec) != nil {
			continue
		}
		inlineSources(spec)
		out, err := score.Convert(score.Input{Spec: spec, Image: "image:1"})
		if err != nil {
			continue
		}
		resolved, err := placeholder.Resolve(out.Modules[out.Name]["spec"], invented)
		require.NoError(t, err, file)
		w := manifest.Workload{ID: out.Name, Namespace: "ns"}
		w.Spec, _ = resolved.(map[string]any)
		w.Injected = inventedVolumes(w.Spec)
		objects, err := manifest.Render(w)
		if want, ok := notRunnable[filepath.Base(file)]; ok {
			require.ErrorContains(t, err, want, file)
			continue
		}
		require.NoError(t, err, file)
		for _, object := range objects {
			decodeStrictly(t, object)
			require.Equal(t, object.Kind() == "Secret", placeholder.ContainsSecret(object.Tree))
		}
		rendered++
	}
	require.Greater(t, rendered, len(files)/2)
	t.Logf("%d of %d rendered", rendered, len(files))
}

// invented answers every placeholder: secrets where a real resource has them, numbers for ports, text otherwise.
func invented(ref placeholder.Reference) (any, error) {
	if manifest.IsDownward(ref.Path) {
		return manifest.Downward(ref.Path)
	}
	switch last := ref.Path[len(ref.Path)-1]; {
	case strings.Contains(last, "password"), strings.Contains(last, "username"), strings.Contains(last, "connection"):
		return placeholder.Secret{Value: "hidden"}, nil
	case strings.Contains(last, "port"):
		return 5432.0, nil
	}
	return "text", nil
}

// inlineSources stands in for the client that reads the files a Score file refers to.
func inlineSources(v any) {
	containers, _ := v.(map[string]any)["containers"].(map[string]any)
	for _, container := range containers {
		fields, _ := container.(map[string]any)
		files, _ := fields["files"].(map[string]any)
		for _, file := range files {
			if fields, ok := file.(map[string]any); ok && fields["source"] != nil {
				delete(fields, "source")
				fields["content"] = "content"
			}
		}
	}
}

// inventedVolumes brings a volume for each mount of the containers.
func inventedVolumes(spec map[string]any) []manifest.Injection {
	var out []manifest.Injection
	containers, _ := spec["containers"].(map[string]any)
	for _, container := range containers {
		fields, _ := container.(map[string]any)
		mounts, _ := fields["volume_mounts"].(map[string]any)
		for _, mount := range mounts {
			id, _ := mount.(map[string]any)["id"].(string)
			name := "vol-" + strings.ToLower(strings.NewReplacer(".", "-", "_", "-").Replace(id))
			out = append(out, manifest.Injection{
				Location: "volumes", Name: name, From: id, References: []string{id},
				Data: map[string]any{"name": name, "emptyDir": map[string]any{}},
			})
		}
	}
	return out
}
