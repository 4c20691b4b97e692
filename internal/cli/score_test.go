package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestScoreValidate(t *testing.T) {
	t.Parallel()
	w := &world{t: t, dir: t.TempDir(), env: map[string]string{}} // needs no server
	w.file("good.yaml", strings.Replace(hello, "image: .", "image: nginx:1", 1))
	w.file("later.yaml", hello)
	w.file("files.yaml", strings.Replace(hello, "image: .", "image: nginx:1\n    files: {/etc/motd: {source: ./motd}}", 1))
	w.file("bad.yaml", "apiVersion: score.dev/v1b1\nmetadata: {name: Bad Name}\ncontainers: {web: {image: x, ports: 1}}\n")
	w.file("dots.yaml", strings.Replace(hello, "resources.db.host", "resources.dc.host", 1))

	w.run("score", "validate", "good.yaml").ok(t, "good.yaml: valid")
	w.run("score", "validate", "later.yaml").ok(t)
	w.run("score", "validate", "later.yaml", "--strict").fails(t, 1, "later.yaml", "image")
	w.run("score", "validate", "files.yaml").ok(t, "valid").fails(t, 0, "warning: files.yaml: the file motd is not there")
	w.run("score", "validate", "files.yaml", "--strict").fails(t, 1, `containers.web.files["/etc/motd"].source`, "motd")
	w.run("score", "validate", "bad.yaml", "good.yaml").fails(t, 1, "bad.yaml: ", "containers.web", "good.yaml: valid")
	w.run("score", "validate", "dots.yaml").fails(t, 1, "dc")
	w.file("doubt.yaml", strings.Replace(hello, "image: .", "image: nginx:${value.tag}", 1))
	w.run("score", "validate", "doubt.yaml").ok(t, "valid").fails(t, 0, "warning: doubt.yaml: containers.web.image", `did you mean "values"?`)
	w.run("score", "validate", "doubt.yaml", "--strict").fails(t, 1, "containers.web.image")
	w.run("score", "validate", "none.yaml").fails(t, 1, "none.yaml does not exist")
	w.run("score", "validate").fails(t, 2, "needs a Score file")
	w.file("extensions.yaml", "apiVersion: humanitec.org/v1b1\nprofile: acme/job\n")
	w.run("score", "validate", "good.yaml", "--extensions", "extensions.yaml").ok(t)
	w.file("extensions.yaml", "- a list")
	w.run("score", "validate", "good.yaml", "--extensions", "extensions.yaml").fails(t, 1, "--extensions", "must hold an object")
}

func TestScoreConvert(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("score.yaml", hello)
	w.file("overrides.yaml", "containers: {web: {variables: {EXTRA: more}}}")
	args := []string{"score", "convert", "score.yaml", "--image", "nginx:1", "--overrides", "overrides.yaml",
		"-p", "containers.web.variables.LEVEL='7'", "-p", "containers.web.variables.HOST=", "--type-alias", "postgres=acme/pg"}
	server := w.run(args...).ok(t, "image: nginx:1", "EXTRA: more", `LEVEL: "7"`, "type: acme/pg")
	require.NotContains(t, server.out, "HOST")
	local := w.run(append(args, "--local")...).ok(t)
	require.Equal(t, server.out, local.out)

	var delta struct {
		Modules struct{ Add map[string]any }
		Shared  []struct{ Op, Path string }
	}
	w.file("shared.yaml", strings.Replace(hello, "{type: postgres}", "{type: postgres, id: main.db}", 1))
	w.run("score", "convert", "-f", "shared.yaml", "--image", "x", "--local", "-o", "json").into(t, &delta)
	require.Equal(t, "/main.db", delta.Shared[0].Path)
	w.runWith(t.Context(), hello, "score", "convert", "-f", "-", "--image", "x", "--local").ok(t, "hello:")
	w.run("score", "convert", "--overrides", "none.yaml").fails(t, 1, "--overrides", "none.yaml does not exist")
}
