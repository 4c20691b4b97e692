package score_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/score"
)

func TestInlineFiles(t *testing.T) {
	t.Parallel()
	spec := parse(t, workload(`files:
  /etc/a: {source: ./conf/../a.txt, mode: "0600"}
  /etc/b: {source: ../b.bin, noExpand: true}
  /etc/c: {source: /abs/c}
  /etc/d: {content: kept}`, ""))
	before := asJSON(t, spec)
	files := map[string]string{"a.txt": "v=${metadata.name}", "../b.bin": "\x00\xff", "/abs/c": ""}
	read := func(path string) ([]byte, error) {
		content, ok := files[path]
		if !ok {
			return nil, errors.New("no such file: " + path)
		}
		return []byte(content), nil
	}
	inlined, err := score.InlineFiles(spec, read)
	require.NoError(t, err)
	require.Equal(t, before, asJSON(t, spec))
	out, err := score.Convert(score.Input{Spec: inlined})
	require.NoError(t, err)
	got := out.Modules["web"]["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)["files"]
	require.JSONEq(t, `{"/etc/a": {"mode": "0600", "value": "v=web"}, "/etc/b": {"binaryContent": "AP8="},
		"/etc/c": {"value": ""}, "/etc/d": {"value": "kept"}}`, asJSON(t, got))

	asList := parse(t, workload("files: [{target: /x, source: a.txt}, {target: /y, source: gone}, {target: /z, source: lost}]", ""))
	_, err = score.InlineFiles(asList, read)
	require.ErrorContains(t, err, `containers.main.files.1.source: cannot read "gone": no such file: gone`)
	require.ErrorContains(t, err, "lost")

	odd, err := score.InlineFiles(map[string]any{"containers": []any{1.0}}, read)
	require.NoError(t, err)
	require.JSONEq(t, `{"containers": [1]}`, asJSON(t, odd))
}
