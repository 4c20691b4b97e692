package e2e

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// TestSecretsStayWhereTheyBelong deploys with known secrets of every kind, fails
// in every way on the way, and then looks for them wherever Slipway leaves
// something.
func TestSecretsStayWhereTheyBelong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		secretsStay(t, "")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		secretsStay(t, testenv.Postgres(t))
	})
}

func secretsStay(t *testing.T, dsn string) {
	temporary := t.TempDir()
	i := newInstance(t, "DATABASE_URL="+dsn, "SLIPWAY_TERRAFORM="+recordtest.Terraform(t), "TMPDIR="+temporary,
		"TF_LOG=trace", "TF_LOG_PATH="+filepath.Join(temporary, "terraform.log"), "GOTRACEBACK=crash")
	i.start()
	c := newCanaries(t)
	i.canaryPlatform(c)
	i.canaryValues(c)
	i.canaryAssets(c)
	broken := i.deploy("canary", map[string]any{"delta_id": i.delta("canary", canaryDelta(true))})
	unreachable := i.deploy("clustered", map[string]any{"delta_id": i.delta("clustered", addModule("web", plainModule("busybox:1")))})
	require.Equal(t, "failed", i.finished("canary", broken)["status"])
	i.saysWhy("canary", broken, "it does not work", "refused by a precondition", "the driver cannot use", "a secret is not allowed")
	require.Equal(t, "failed", i.finished("clustered", unreachable)["status"])
	i.saysWhy("clustered", unreachable, "cluster")
	fixed := i.deploy("canary", map[string]any{"delta_id": i.delta("canary", canaryDelta(false))})
	i.succeeded("canary", fixed)
	i.plannedOnce("canary")
	status, out := i.call(http.MethodDelete, envPath("canary", "development")+"/resources/s3.external-bad/modules.web.externals.far", nil)
	require.Equal(t, http.StatusAccepted, status, "%v", out)
	i.eventually("what failed cannot be destroyed either", func() (bool, string) {
		_, body := i.read(envPath("canary", "development") + "/resources")
		return strings.Contains(string(body), "it stays because of"), string(body)
	})
	i.eventually("the folders of the Terraform runs are removed, just after their outcome is known", func() (bool, string) {
		left, err := os.ReadDir(filepath.Join(i.home, "terraform", "runs"))
		return err == nil && len(left) == 0, fmt.Sprint(left, err)
	})
	i.ownSecrets(c)
	require.NotContains(t, c.secrets, "", "every secret is known")

	answers, unseen := i.everyAnswer(c, "canary", broken, fixed)
	t.Logf("operations that read and had nothing to show: %v", unseen)
	more, _ := i.everyAnswer(c, "clustered", unreachable)
	answers = append(answers, more...)
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/none"} {
		_, body := i.read(path)
		answers = append(answers, body...)
	}
	require.Contains(t, string(answers), c.public, "the walk sees what it should")
	require.Contains(t, string(answers), "the provider says", "the log of Terraform, too")
	require.Empty(t, sightings(answers, c.secrets), "in the answers of the API")
	ui := i.temporalUI()
	c.secrets["way in of the Web UI"] = ui.codec[strings.LastIndex(ui.codec, "/")+1:]
	raw, opened := ui.histories()
	require.NotContains(t, raw, `"canary"`, "Temporal has ciphertexts")
	require.Contains(t, opened, `"app":"canary"`, "its Web UI shows them in the clear")
	require.Empty(t, sightings([]byte(raw+opened), c.secrets), "in the histories of Temporal")
	if dsn != "" {
		dump := dumpPostgres(t, dsn)
		require.Contains(t, string(dump), c.public)
		require.Empty(t, sightings(dump, c.secrets), "in a dump of the database")
	}

	c.requireNowhere(t, i.home, dsn == "") // while it runs: the write-ahead logs
	i.crash()
	require.Contains(t, i.output.String(), "SIGABRT", "it ended with a stack trace")
	require.Empty(t, sightings([]byte(i.output.String()), c.secrets), "on the terminal")
	c.requireNowhere(t, i.home, dsn == "")
	c.requireNowhere(t, temporary, false)
	require.Empty(t, sightings([]byte(i.clonedHistory(c.public)), c.secrets), "in the history of the Git target")
	log, err := os.ReadFile(filepath.Join(i.home, "logs", "slipway.log"))
	require.NoError(t, err)
	require.Contains(t, string(log), "level=DEBUG", "the log that was searched says all there is to say")
	for _, name := range []string{"keyset.json", "token", "age.key", "cli.yaml"} {
		info, err := os.Stat(filepath.Join(i.home, name))
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s is its owner's alone: %s", name, info.Mode())
	}
}

// canaries are secrets by what they are, and where each may be.
type canaries struct {
	secrets map[string]string
	belongs map[string][]string // by name: files of the home
	public  string
}

// kinds are the secrets that a user or a driver gives.
var kinds = []string{
	"value of the application", "value of the environment", "former value",
	"template secret", "template secret of the failing one", "template text", "echo output",
	"terraform variable", "terraform variable of the failing one", "terraform file",
	"external input", "external input of the failing one", "external output", "external cookie", "cookie of the failing one",
	"cluster token",
	"password of a registry", "key of an account", "token of a secret store", "header of a webhook", "secret of a webhook",
}

func newCanaries(t *testing.T) *canaries {
	t.Helper()
	c := &canaries{secrets: map[string]string{}, belongs: map[string][]string{}, public: canary(t)}
	for _, kind := range kinds {
		c.secrets[kind] = canary(t)
	}
	for derived, from := range map[string]string{"template output": "template secret", "terraform output": "terraform variable"} {
		sum := sha256.Sum256([]byte(c.secrets[from]))
		c.secrets[derived] = hex.EncodeToString(sum[:])
	}
	return c
}

// hard is a secret with everything around it that is escaped somewhere. What is
// searched for is its core, which no escape changes.
func (c *canaries) hard(kind string) string { return `p"<&'$ é/+` + c.secrets[kind] + `\%~` }

// requireNowhere searches every file below a folder for what does not belong there.
func (c *canaries) requireNowhere(t *testing.T, folder string, database bool) {
	t.Helper()
	seen := searchFiles(t, folder, c.public, c.secrets, c.belongs)
	require.True(t, !database || seen["slipway.db"] || seen["slipway.db-wal"], "the search sees the database: %v", seen)
}

// ownSecrets adds those of the installation: tokens and keys.
func (i *instance) ownSecrets(c *canaries) {
	i.t.Helper()
	add := func(name, secret string, files ...string) {
		require.NotEmpty(i.t, secret, name)
		c.secrets[name], c.belongs[name] = secret, files
		for _, file := range files {
			raw, err := os.ReadFile(filepath.Join(i.home, file))
			require.NoError(i.t, err)
			require.Contains(i.t, sightings(raw, c.secrets), name, "the search sees it in %s", file)
		}
	}
	add("token of the administrator", i.token(), "token", "cli.yaml")
	user := i.must(http.StatusOK, http.MethodGet, "/current-user", nil)["id"].(string)
	made := i.must(http.StatusOK, http.MethodPost, "/users/"+user+"/tokens", map[string]any{"id": "ci", "description": "", "type": "static"})
	add("another token", made["token"].(string))
	identity, err := os.ReadFile(filepath.Join(i.home, "age.key"))
	require.NoError(i.t, err)
	add("age identity", regexp.MustCompile(`AGE-SECRET-KEY-1\w+`).FindString(string(identity)), "age.key")
	keyset, err := os.ReadFile(filepath.Join(i.home, "keyset.json"))
	require.NoError(i.t, err)
	for n, match := range regexp.MustCompile(`"value":\s*"([^"]+)"`).FindAllStringSubmatch(string(keyset), -1) {
		key, err := base64.StdEncoding.DecodeString(match[1])
		require.NoError(i.t, err)
		add(fmt.Sprintf("key %d", n), string(key[len(key)-32:]), "keyset.json") // the message ends with the key
	}
	require.Contains(i.t, c.secrets, "key 1", "one for encryption, one for fingerprints")
}

// saysWhy checks that a deployment failed for the reasons it was made to fail.
func (i *instance) saysWhy(app, deployment string, reasons ...string) {
	i.t.Helper()
	said := fmt.Sprint(i.deploymentErrors(app, deployment))
	for _, reason := range reasons {
		require.Contains(i.t, said, reason)
	}
}

// crash ends the process as a fault of its own would.
func (i *instance) crash() {
	i.t.Helper()
	pid := fmt.Sprint(i.cmd.Process.Pid)
	require.NoError(i.t, exec.Command("kill", "-ABRT", pid).Run())
	i.waitGone()
	i.endTemporal()
}

// clonedHistory is all that a clone of the Git target shows.
func (i *instance) clonedHistory(public string) string {
	i.t.Helper()
	clone := filepath.Join(i.t.TempDir(), "clone")
	out, err := exec.Command("git", "clone", "--quiet", filepath.Join(i.home, "deployments.git"), clone).CombinedOutput()
	require.NoError(i.t, err, "%s", out)
	history, err := exec.Command("git", "-C", clone, "log", "-p", "--all", "--format=fuller").CombinedOutput()
	require.NoError(i.t, err)
	require.Contains(i.t, string(history), public)
	require.Contains(i.t, string(history), "kind: Secret", "the secrets are delivered, encrypted")
	return string(history)
}

// canaryPlatform defines resources whose drivers get secrets and give some, and
// others that fail and say them in their messages.
func (i *instance) canaryPlatform(c *canaries) {
	i.t.Helper()
	s := c.secrets
	i.defineWith("canary-good", "postgres", "canary", "humanitec/template", map[string]any{
		"values": map[string]any{"templates": map[string]any{
			"outputs":   "host: db\nport: 5432\nname: db\n",
			"secrets":   "username: {{ .driver.secrets.seed }}\npassword: {{ .driver.secrets.seed | sha256sum }}\n",
			"cookie":    "kept: {{ .driver.secrets.seed }}\n",
			"manifests": "own.yaml:\n  location: namespace\n  data:\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: own}\n    stringData: {seed: '{{ .driver.secrets.seed }}'}\n",
		}},
		"secrets": map[string]any{"seed": s["template secret"], "templates": map[string]any{"outputs": "extra: " + s["template text"] + "\n"}},
	})
	i.defineWith("canary-bad", "redis", "canary", "humanitec/template", map[string]any{
		"values": map[string]any{"templates": map[string]any{
			"outputs": `{{ fail (printf "it does not work with %s or %s" .driver.secrets.key (b64enc .driver.secrets.key)) }}`}},
		"secrets": map[string]any{"key": s["template secret of the failing one"]},
	})
	i.defineWith("canary-echo", "s3", "echo", "humanitec/echo", map[string]any{
		"values": map[string]any{"bucket": "b", "region": "r"}, "secrets": map[string]any{"aws_secret_access_key": s["echo output"]},
	})
	i.defineWith("canary-terraform", "s3", "terraform", "humanitec/terraform", map[string]any{
		"values":  map[string]any{"script": talkativeScript, "variables": map[string]any{"name": "bucket"}},
		"secrets": map[string]any{"variables": map[string]any{"token": s["terraform variable"]}, "files": map[string]any{"login.txt": "password=" + s["terraform file"] + "\n"}},
	})
	i.defineWith("canary-terraform-bad", "s3", "terraform-bad", "humanitec/terraform", map[string]any{
		"values":  map[string]any{"script": refusedScript, "append_logs_to_error": true},
		"secrets": map[string]any{"variables": map[string]any{"token": c.hard("terraform variable of the failing one")}},
	})
	i.must(http.StatusOK, http.MethodPost, org+"/resources/types/postgres/classes", map[string]any{"id": "canary", "description": c.public})
	i.driver("canary", talkativeDriver(i.t, c))
	for class, kind := range map[string]string{"external": "external input", "external-bad": "external input of the failing one"} {
		i.defineWith("canary-"+class, "s3", class, "demo/canary", map[string]any{
			"values": map[string]any{"fail": class == "external-bad"}, "secrets": map[string]any{"password": c.hard(kind)},
		})
	}
	i.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "canary-cluster", "name": "canary-cluster", "type": "k8s-cluster", "driver_type": "humanitec/k8s-cluster",
		"criteria": []any{map[string]any{"app_id": "clustered"}}, "driver_inputs": map[string]any{
			"values":  map[string]any{"name": "c", "loadbalancer": "lb", "cluster_data": map[string]any{"server": talkativeCluster(i.t)}},
			"secrets": map[string]any{"credentials": map[string]any{"token": s["cluster token"]}},
		},
	})
}

// talkativeScript says its secrets wherever Terraform lets it.
const talkativeScript = `
variable "name" {}
variable "token" {}
resource "terraform_data" "bucket" {
  input = var.name
  provisioner "local-exec" {
    command     = "echo the provider says $TOKEN; printf %s \"$TOKEN\" | base64; printf 'user:%s' \"$TOKEN\" | base64; cat login.txt; env >&2"
    environment = { TOKEN = var.token }
  }
}
output "bucket" { value = terraform_data.bucket.output }
output "region" { value = "r" }
output "aws_secret_access_key" {
  value     = sha256(var.token)
  sensitive = true
}
`

const refusedScript = `
variable "token" {}
resource "terraform_data" "bucket" {
  input = "x"
  lifecycle {
    precondition {
      condition     = length(var.token) < 3
      error_message = "refused by a precondition: $\{var.token} $\{base64encode(var.token)} $\{base64encode("u:$\{var.token}")} $\{urlencode(var.token)} $\{jsonencode({ t = var.token })} $\{jsonencode(jsonencode({ t = var.token }))}"
    }
  }
}
output "bucket" { value = "x" }
`

// talkativeDriver gives secrets, and repeats those that it was given when it fails.
func talkativeDriver(t *testing.T, c *canaries) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		cookie := r.Header.Get("Humanitec-Driver-Cookie")
		if r.Method == http.MethodDelete && cookie == c.secrets["cookie of the failing one"] {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"error":"RES-101","message":"it stays because of %s or %s"}`, cookie, base64.StdEncoding.EncodeToString([]byte(cookie)))
			return
		}
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		var in struct {
			Driver struct {
				Values  struct{ Fail bool }
				Secrets struct{ Password string }
			}
		}
		_ = json.Unmarshal(raw, &in)
		if in.Driver.Values.Fail {
			w.Header().Set("Set-Humanitec-Driver-Cookie", c.secrets["cookie of the failing one"])
			w.WriteHeader(http.StatusBadRequest)
			password, cookie := in.Driver.Secrets.Password, c.secrets["cookie of the failing one"]
			text := fmt.Sprintf("the driver cannot use %s, %q, %s and cookie %s %s", password, password, raw, cookie,
				base64.StdEncoding.EncodeToString([]byte(cookie)))
			// Long messages are cut: in the middle of this one.
			for range 20 {
				text += " " + base64.StdEncoding.EncodeToString([]byte("u:"+password))
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"error": "RES-101", "message": text})
			return
		}
		w.Header().Set("Set-Humanitec-Driver-Cookie", c.secrets["external cookie"])
		_ = json.NewEncoder(w).Encode(map[string]any{"type": "s3", "resource": map[string]any{
			"values": map[string]any{"bucket": "b", "region": "r"}, "secrets": map[string]any{"aws_secret_access_key": c.secrets["external output"]},
		}})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// talkativeCluster is an API server that repeats the credentials it refuses.
func talkativeCluster(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		login := r.Header.Get("Authorization")
		if strings.HasPrefix(r.URL.Path, "/api") { // discovery, which the client library has an opinion about
			http.Error(w, "nobody knows "+login, http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
			"message": "nobody knows " + login + " " + base64.StdEncoding.EncodeToString([]byte(login))})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// canaryValues makes applications with secret values, one of them changed.
func (i *instance) canaryValues(c *canaries) {
	i.t.Helper()
	i.app("canary")
	i.app("clustered")
	app, env := org+"/apps/canary/values", envPath("canary", "development")+"/values"
	secret := func(path, key, value string) {
		i.must(http.StatusCreated, http.MethodPost, path, map[string]any{"key": key, "value": value, "description": "", "is_secret": true})
	}
	i.must(http.StatusCreated, http.MethodPost, app, map[string]any{"key": "PUBLIC", "value": c.public, "description": ""})
	secret(app, "APP_SECRET", c.hard("value of the application"))
	secret(app, "ENV_SECRET", c.secrets["former value"])
	secret(env, "ENV_SECRET", c.secrets["former value"])
	i.must(http.StatusOK, http.MethodPut, env+"/ENV_SECRET", map[string]any{"value": c.secrets["value of the environment"], "description": ""})
}

// canaryDelta uses the secrets in every place where a workload can.
func canaryDelta(failing bool) map[string]any {
	module := plainModule("busybox:1")
	externals := map[string]any{"db": map[string]any{"type": "postgres", "class": "canary"}}
	variables := map[string]any{
		"PUBLIC": "${values.PUBLIC}", "A": "${values.APP_SECRET}", "E": "before-${values.ENV_SECRET}-after",
		"URL": "postgres://${externals.db.username}:${externals.db.password}@${externals.db.host}",
	}
	for _, class := range []string{"echo", "terraform", "external"} {
		externals[class] = map[string]any{"type": "s3", "class": class}
		variables["KEY_"+strings.ToUpper(class)] = "${externals." + class + ".aws_secret_access_key}"
	}
	if failing {
		externals["cache"] = map[string]any{"type": "redis", "class": "canary"}
		externals["plan"] = map[string]any{"type": "s3", "class": "terraform-bad"}
		externals["far"] = map[string]any{"type": "s3", "class": "external-bad"}
		externals["given"] = map[string]any{"type": "postgres", "class": "canary", // refused: parameters are shown
			"params": map[string]any{"given": "${values.APP_SECRET}", "other": "${externals.db.password}"}}
	}
	module["externals"] = externals
	container := module["spec"].(map[string]any)["containers"].(map[string]any)["main"].(map[string]any)
	container["variables"] = variables
	container["files"] = map[string]any{"/etc/conf": map[string]any{"mode": "0644",
		"value": "public: ${values.PUBLIC}\nsecret: ${values.ENV_SECRET}\npassword: ${externals.db.password}\n"}}
	return addModule("web", module)
}
