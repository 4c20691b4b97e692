package charts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"

	"github.com/slipway-dev/slipway/engine/schema"
)

// Main is the process: it reads one order from in and writes its outcome to out.
func Main(in io.Reader, out io.Writer) error {
	if err := limitProcess(maxMemory); err != nil {
		return fmt.Errorf("limit this process: %w", err)
	}
	archive.MaxDecompressedChartSize, archive.MaxDecompressedFileSize = maxContent, maxFile
	var o order
	if err := json.NewDecoder(in).Decode(&o); err != nil {
		return fmt.Errorf("read the order: %w", err)
	}
	result, err := carryOut(o)
	if err != nil {
		result = outcome{Fault: err.Error()}
	}
	return json.NewEncoder(out).Encode(result)
}

// carryOut does what was ordered; every error is the chart's.
func carryOut(o order) (outcome, error) {
	c, err := load(o.Archive)
	if err != nil {
		return outcome{}, err
	}
	out := outcome{Name: c.Metadata.Name, Version: c.Metadata.Version}
	if o.Render {
		out.Files, err = render(c, o)
	}
	return out, err
}

func load(raw []byte) (*chart.Chart, error) {
	files, err := archive.LoadArchiveFiles(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("the chart cannot be read, it has to be a .tgz as `helm package` makes it: %w", err)
	}
	if len(files) > maxFiles {
		return nil, fmt.Errorf("the chart has %d files; at most %d are possible", len(files), maxFiles)
	}
	c, err := loader.LoadFiles(files)
	if err != nil {
		return nil, fmt.Errorf("the chart cannot be loaded: %w", err)
	}
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("Chart.yaml: %w", err)
	}
	if c.Metadata.Type == "library" {
		return nil, errors.New("Chart.yaml: a chart of the type library renders nothing; use one of the type application")
	}
	if len(c.CRDObjects()) > 0 {
		return nil, errors.New("the chart has CRDs in crds/, which a workload cannot bring along; install them with the cluster")
	}
	for _, dependency := range c.Metadata.Dependencies {
		there := slices.ContainsFunc(c.Dependencies(), func(d *chart.Chart) bool { return d.Name() == dependency.Name || d.Name() == dependency.Alias })
		if !there {
			return nil, fmt.Errorf("the chart depends on %q, which is not in its charts/; run `helm dependency update` before `helm package`", dependency.Name)
		}
	}
	return c, nil
}

// render renders without cluster, network and environment: lookup finds
// nothing, getHostByName resolves nothing.
func render(c *chart.Chart, o order) (map[string]string, error) {
	if err := chartutil.ProcessDependencies(c, o.Values); err != nil {
		return nil, fmt.Errorf("the dependencies of the chart: %w", err)
	}
	release := common.ReleaseOptions{Name: o.Release, Namespace: o.Namespace, Revision: 1, IsInstall: true}
	// Helm's own validation would fetch schemas that a schema refers to.
	values, err := util.ToRenderValuesWithSchemaValidation(c, o.Values, release, common.DefaultCapabilities, true)
	if err != nil {
		return nil, fmt.Errorf("the values of the chart: %w", err)
	}
	if err := checkValues(c, values); err != nil {
		return nil, err
	}
	rendered, err := engine.Render(c, values)
	if err != nil {
		return nil, fmt.Errorf("rendering the chart: %w", err)
	}
	out := map[string]string{}
	for name, text := range rendered {
		base := path.Base(name)
		if strings.HasPrefix(base, "_") || base == "NOTES.txt" || strings.Contains(name, "/templates/tests/") || strings.TrimSpace(text) == "" {
			continue
		}
		out[name] = text
	}
	return out, nil
}

// checkValues compares the values with the chart's values.schema.json.
func checkValues(c *chart.Chart, values common.Values) error {
	if len(c.Schema) == 0 {
		return nil
	}
	var document map[string]any
	if err := json.Unmarshal(c.Schema, &document); err != nil {
		return fmt.Errorf("values.schema.json is no JSON: %w", err)
	}
	compiled, err := schema.Compile(document)
	if err != nil {
		return fmt.Errorf("values.schema.json: %w", err)
	}
	given := values["Values"]
	if v, ok := given.(common.Values); ok {
		given = map[string]any(v)
	}
	var lines []string
	for _, p := range compiled.Check(given, schema.Options{}) {
		lines = append(lines, p.String())
	}
	if len(lines) > 0 {
		return fmt.Errorf("the spec does not match values.schema.json of the chart: %s", strings.Join(lines, "; "))
	}
	return nil
}
