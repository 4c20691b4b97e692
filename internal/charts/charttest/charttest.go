// Package charttest packages charts for tests, and lets a test binary be the
// process that renders them.
package charttest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/charts"
)

// Process is the process that renders when this binary was started as that,
// and then exits. Call it first in TestMain.
func Process() {
	if len(os.Args) < 2 || os.Args[1] != charts.Command {
		return
	}
	if err := charts.Main(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Package makes a .tgz of a chart from its files by path, below a folder of the chart's name.
func Package(t testing.TB, name string, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	var names []string
	for file := range files {
		names = append(names, file)
	}
	slices.Sort(names)
	for _, file := range names {
		require.NoError(t, archive.WriteHeader(&tar.Header{Name: name + "/" + file, Mode: 0o600, Size: int64(len(files[file])), Typeflag: tar.TypeReg}))
		_, err := archive.Write([]byte(files[file]))
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, zipped.Close())
	return out.Bytes()
}

// Chart packages a chart with one template.
func Chart(t testing.TB, name, version, template string) []byte {
	t.Helper()
	return Package(t, name, map[string]string{
		"Chart.yaml":             "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n",
		"templates/objects.yaml": template,
	})
}
