package e2e

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// canary is a random string that is told apart from anything else.
func canary(t *testing.T) string {
	t.Helper()
	raw := make([]byte, 16)
	_, err := rand.Read(raw)
	require.NoError(t, err)
	return "canary" + hex.EncodeToString(raw)
}

// spellings are the forms in which a secret could stand somewhere: as it is, in
// hex, and in base64 at each of the three alignments, without the characters
// that depend on the neighbours.
func spellings(secret string) [][]byte {
	out := [][]byte{[]byte(secret), []byte(hex.EncodeToString([]byte(secret)))}
	for pad, drop := range []int{0, 2, 3} {
		text := base64.RawStdEncoding.EncodeToString(append(make([]byte, pad), secret...))
		if (pad+len(secret))%3 != 0 {
			text = text[:len(text)-1]
		}
		out = append(out, []byte(text[drop:]))
	}
	return out
}

// sightings searches content for secrets, by their names.
func sightings(content []byte, secrets map[string]string) []string {
	var found []string
	for name, secret := range secrets {
		for _, spelling := range spellings(secret) {
			if bytes.Contains(content, spelling) {
				found = append(found, name)
				break
			}
		}
	}
	slices.Sort(found)
	return found
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	const secret = "canary0123456789"
	for name, text := range map[string]string{
		"plain": "a " + secret + " b", "hex": hex.EncodeToString([]byte("x" + secret + "y")),
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 after one": base64.StdEncoding.EncodeToString([]byte("x" + secret + "yz")),
		"base64 after two": base64.StdEncoding.EncodeToString([]byte("xy" + secret + "abc")), "url base64": base64.URLEncoding.EncodeToString([]byte("u:" + secret)),
	} {
		require.NotEmpty(t, sightings([]byte(text), map[string]string{"s": secret}), name)
	}
	require.Empty(t, sightings([]byte("nothing"), map[string]string{"s": secret}))
}

// TestSecretsStayWhereTheyBelong deploys with known secrets, fails once on the
// way, and then looks for them wherever Slipway leaves something.
func TestSecretsStayWhereTheyBelong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t)
	i.start()
	public := canary(t)
	secrets := map[string]string{
		"value of the application": canary(t), "value of the environment": canary(t),
		"driver secret": canary(t), "former value": canary(t), "driver secret of the failing one": canary(t),
	}
	derived := sha256.Sum256([]byte(secrets["driver secret"]))
	secrets["secret output"] = hex.EncodeToString(derived[:])
	i.canaryPlatform(secrets)
	i.canaryValues(secrets, public)

	broken := i.deploy("canary", map[string]any{"delta_id": i.delta("canary", canaryDelta(true))})
	require.Equal(t, "failed", i.finished("canary", broken)["status"])
	errs := i.deploymentErrors("canary", broken)
	require.Len(t, errs, 2)
	require.Contains(t, fmt.Sprint(errs), "it does not work")
	fixed := i.deploy("canary", map[string]any{"delta_id": i.delta("canary", canaryDelta(false))})
	i.succeeded("canary", fixed)

	answers, paths := i.everyAnswer("canary", broken, fixed)
	require.Contains(t, string(answers), public, "the walk sees what it should")
	require.Empty(t, sightings(answers, secrets), "in the answers of the API")
	t.Logf("%d operations answered %d bytes", paths, len(answers))
	requireCanaries(t, i.home, public, secrets) // while it runs: the write-ahead logs
	i.stop()
	requireCanaries(t, i.home, public, secrets)

	clone := filepath.Join(t.TempDir(), "clone")
	out, err := exec.Command("git", "clone", "--quiet", filepath.Join(i.home, "deployments.git"), clone).CombinedOutput()
	require.NoError(t, err, "%s", out)
	history, err := exec.Command("git", "-C", clone, "log", "-p", "--all", "--format=fuller").CombinedOutput()
	require.NoError(t, err)
	require.Contains(t, string(history), public)
	require.Contains(t, string(history), "kind: Secret", "the secrets are delivered, encrypted")
	require.Empty(t, sightings(history, secrets), "in the history of the Git target")
	require.Empty(t, sightings([]byte(i.output.String()), secrets), "on the terminal")
	log, err := os.ReadFile(filepath.Join(i.home, "logs", "slipway.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "level=DEBUG", "the log that was searched says all there is to say")
}

// canaryPlatform makes a definition that turns a secret input into a secret
// output, and one that fails with its secret in the message.
func (i *instance) canaryPlatform(secrets map[string]string) {
	i.t.Helper()
	i.defineWith("canary-good", "postgres", "canary", "humanitec/template", map[string]any{
		"values": map[string]any{"templates": map[string]any{
			"outputs": "host: db\nport: 5432\nname: db\n",
			"secrets": "username: {{ .driver.secrets.seed }}\npassword: {{ .driver.secrets.seed | sha256sum }}\n",
			"cookie":  "kept: {{ .driver.secrets.seed }}\n",
		}},
		"secrets": map[string]any{"seed": secrets["driver secret"]},
	})
	i.defineWith("canary-bad", "redis", "canary", "humanitec/template", map[string]any{
		"values": map[string]any{"templates": map[string]any{
			"outputs": `{{ fail (printf "it does not work with %s or %s" .driver.secrets.key (b64enc .driver.secrets.key)) }}`}},
		"secrets": map[string]any{"key": secrets["driver secret of the failing one"]},
	})
}

// canaryValues makes an application with secret values, one of them changed.
func (i *instance) canaryValues(secrets map[string]string, public string) {
	i.t.Helper()
	i.app("canary")
	app, env := org+"/apps/canary/values", envPath("canary", "development")+"/values"
	secret := func(path, key, value string) {
		i.must(http.StatusCreated, http.MethodPost, path, map[string]any{"key": key, "value": value, "description": "", "is_secret": true})
	}
	i.must(http.StatusCreated, http.MethodPost, app, map[string]any{"key": "PUBLIC", "value": public, "description": ""})
	secret(app, "APP_SECRET", secrets["value of the application"])
	secret(app, "ENV_SECRET", secrets["former value"])
	secret(env, "ENV_SECRET", secrets["former value"])
	i.must(http.StatusOK, http.MethodPut, env+"/ENV_SECRET",
		map[string]any{"value": secrets["value of the environment"], "description": ""})
}

// canaryDelta uses the secrets in every place where a workload can.
func canaryDelta(failing bool) map[string]any {
	module := plainModule("busybox:1")
	externals := map[string]any{"db": map[string]any{"type": "postgres", "class": "canary"}}
	if failing {
		externals["cache"] = map[string]any{"type": "redis", "class": "canary"}
		externals["given"] = map[string]any{"type": "postgres", "class": "canary", // refused: parameters are shown
			"params": map[string]any{"given": "${values.APP_SECRET}", "other": "${externals.db.password}"}}
	}
	module["externals"] = externals
	container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
	container["variables"] = map[string]any{
		"PUBLIC": "${values.PUBLIC}", "A": "${values.APP_SECRET}", "E": "before-${values.ENV_SECRET}-after",
		"URL": "postgres://${externals.db.username}:${externals.db.password}@${externals.db.host}",
	}
	container["files"] = map[string]any{"/etc/conf": map[string]any{"mode": "0644",
		"value": "public: ${values.PUBLIC}\nsecret: ${values.ENV_SECRET}\npassword: ${externals.db.password}\n"}}
	return addModule("web", module)
}

// requireCanaries searches every file of the home. Git keeps its objects
// compressed: they are searched in a clone.
func requireCanaries(t *testing.T, home, public string, secrets map[string]string) {
	t.Helper()
	seen := map[string]bool{}
	err := filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(home, path)
		if bytes.Contains(raw, []byte(public)) {
			seen[name] = true
		}
		if found := sightings(raw, secrets); len(found) > 0 {
			t.Errorf("%v in %s", found, name)
		}
		return nil
	})
	require.NoError(t, err)
	require.True(t, seen["slipway.db"] || seen["slipway.db-wal"], "the search sees the database: %v", seen)
	for _, file := range []string{"logs/slipway.log", "temporal.db"} {
		info, err := os.Stat(filepath.Join(home, file))
		require.NoError(t, err)
		require.Positive(t, info.Size(), "%s was searched", file)
	}
}

// pathParameter is one {name} of a path in the OpenAPI document.
var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

// everyAnswer calls every operation that only reads, for all the objects of an
// application, and returns all that was answered.
func (i *instance) everyAnswer(app string, deployments ...string) (all []byte, operations int) {
	i.t.Helper()
	document := i.must(http.StatusOK, http.MethodGet, "/openapi.json", nil)
	known := i.knownIDs(app, deployments)
	var paths []string
	for path, item := range document["paths"].(map[string]any) {
		if item.(map[string]any)["get"] != nil {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, template := range paths {
		answered := false
		for _, path := range filled([]string{template}, known) {
			status, body := i.read(path)
			require.Less(i.t, status, 500, "%s: %s", path, body)
			answered = answered || status == http.StatusOK
			all = append(all, body...)
		}
		if !answered {
			i.t.Logf("not seen: %s", template)
			continue
		}
		operations++
	}
	require.Greater(i.t, operations, 20)
	return all, operations
}

// filled puts every known id into the parameters of paths; a path with an
// unknown one is dropped.
func filled(paths []string, known map[string][]string) []string {
	var done []string
	for _, path := range paths {
		match := pathParameter.FindStringSubmatch(path)
		if match == nil {
			done = append(done, path)
			continue
		}
		var next []string
		for _, id := range known[match[1]] {
			next = append(next, strings.Replace(path, match[0], url.PathEscape(id), 1))
		}
		done = append(done, filled(next, known)...)
	}
	return done
}

// knownIDs are the ids of what there is, by the name of their parameter.
func (i *instance) knownIDs(app string, deployments []string) map[string][]string {
	i.t.Helper()
	base := org + "/apps/" + app
	known := map[string][]string{
		"orgId": {"demo"}, "appId": {app}, "envId": {"development"}, "deployId": deployments, "ordinal": {"0", "1", "2", "3", "4", "5", "6", "7"},
		"typeId": {"postgres", "redis"}, "resourceType": {"postgres", "redis"}, "resType": {"postgres", "redis"},
		"classId": {"canary", "default"}, "envType": {"development"}, "envTypeId": {"development"},
		"driverId": {"humanitec/template", "humanitec/echo"}, "profileQid": {"humanitec/default-module"},
	}
	for _, delta := range i.list(base + "/deltas") {
		known["deltaId"] = append(known["deltaId"], delta["id"].(string))
	}
	for _, path := range []string{base, envPath(app, "development")} {
		for _, v := range i.list(path + "/value-set-versions") {
			known["valueSetVersionId"] = append(known["valueSetVersionId"], v["id"].(string))
		}
	}
	for _, id := range deployments {
		d := i.must(http.StatusOK, http.MethodGet, envPath(app, "development")+"/deploys/"+id, nil)
		known["setId"] = append(known["setId"], d["set_id"].(string))
		known["sourceSetId"] = known["setId"]
		for _, key := range []string{"graphId", "dependencyGraphId"} {
			graph, _ := d["dependency_graph_id"].(string)
			known[key] = append(known[key], graph)
		}
	}
	for _, r := range i.list(envPath(app, "development") + "/resources") {
		known["guresid"] = append(known["guresid"], r["gu_res_id"].(string))
		known["guResId"] = known["guresid"]
	}
	for _, def := range i.list(org + "/resources/defs") {
		if id := def["id"].(string); !strings.HasPrefix(id, "starter-") {
			known["defId"] = append(known["defId"], id)
		}
	}
	for _, def := range known["defId"] {
		for _, v := range i.list(org + "/resources/defs/" + def + "/versions") {
			known["defVersionId"] = append(known["defVersionId"], v["id"].(string))
		}
	}
	user := i.must(http.StatusOK, http.MethodGet, "/current-user", nil)
	known["userId"] = []string{user["id"].(string)}
	for _, token := range i.list("/users/" + known["userId"][0] + "/tokens") {
		known["tokenId"] = append(known["tokenId"], token["id"].(string))
	}
	return known
}

// read is a GET whose answer may be anything, a stream of events too.
func (i *instance) read(path string) (int, []byte) {
	i.t.Helper()
	req, err := http.NewRequest(http.MethodGet, i.url+path, nil)
	require.NoError(i.t, err)
	req.Header.Set("Authorization", "Bearer "+i.token())
	resp, err := http.DefaultClient.Do(req)
	require.NoError(i.t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(i.t, err)
	return resp.StatusCode, raw
}
