package git_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/internal/delivery/git"
	"github.com/slipway-dev/slipway/internal/secrets/sops"
)

const secretFile = "envs/dev/shop/secret-db.yaml"

func withSecrets(r git.Request, recipients ...string) git.Request {
	r.AgeRecipients = recipients
	return r
}

// requireNoCanary searches every object of every commit, whatever refers to it.
func requireNoCanary(t *testing.T, repo string) {
	t.Helper()
	encoded := base64.StdEncoding.EncodeToString([]byte(canary))
	for _, line := range strings.Split(run(t, repo, "cat-file", "--batch-check", "--batch-all-objects"), "\n") {
		fields := strings.Fields(line)
		content := string(runRaw(t, repo, "cat-file", fields[1], fields[0]))
		require.NotContains(t, content, canary)
		require.NotContains(t, content, encoded)
	}
}

func TestSecretsAreWrittenEncrypted(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo, identity := newBare(t), newIdentity(t)
	deliver(t, withSecrets(request(repo, "d1", secret("db", canary), configMap("a", "1")), identity.Recipient().String()))
	sealed := show(t, repo, secretFile)
	require.Contains(t, sealed, "kind: Secret")
	require.Contains(t, sealed, "encrypted_regex: ^(data|stringData)$")
	plain, err := sops.Decrypt([]byte(sealed), identity.String())
	require.NoError(t, err)
	var tree struct {
		Data map[string][]byte `json:"data"`
	}
	require.NoError(t, yaml.Unmarshal(plain, &tree))
	require.Equal(t, canary, string(tree.Data["password"]))
	requireNoCanary(t, repo)
	requireSound(t, repo)
}

func TestUnchangedSecretKeepsItsCiphertext(t *testing.T) {
	t.Parallel()
	needGit(t)
	alice, bob := newIdentity(t).Recipient().String(), newIdentity(t).Recipient().String()
	first := func(repo string) git.Request {
		return withSecrets(request(repo, "d1", secret("db", canary)), alice)
	}
	cases := map[string]struct {
		change  func(t *testing.T, repo string, r *git.Request)
		rewrite bool
	}{
		"the same":           {func(*testing.T, string, *git.Request) {}, false},
		"another value":      {func(_ *testing.T, _ string, r *git.Request) { r.Objects = []git.Object{secret("db", canary+"2")} }, true},
		"another recipient":  {func(_ *testing.T, _ string, r *git.Request) { r.AgeRecipients = []string{bob} }, true},
		"one more recipient": {func(_ *testing.T, _ string, r *git.Request) { r.AgeRecipients = []string{alice, bob} }, true},
		"another key":        {func(_ *testing.T, _ string, r *git.Request) { r.Fingerprint = func([]byte) string { return "x" } }, true},
		"no fingerprints":    {func(_ *testing.T, _ string, r *git.Request) { r.Fingerprint = nil }, true},
		"file changed by hand": {func(t *testing.T, repo string, _ *git.Request) {
			foreign(t, repo, secretFile, strings.Replace(show(t, repo, secretFile), "type: Opaque", "type: Other", 1))
		}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			repo := newBare(t)
			deliver(t, first(repo))
			before := show(t, repo, secretFile)
			again := first(repo)
			again.DeploymentID, again.Time = "d2", when.AddDate(0, 0, 1)
			tc.change(t, repo, &again)
			result := deliver(t, again)
			require.Equal(t, !tc.rewrite, result.Unchanged)
			require.Equal(t, !tc.rewrite, before == show(t, repo, secretFile))
			requireNoCanary(t, repo)
		})
	}
}

func TestEqualSecretsOfTwoEnvironmentsLookDifferent(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo, recipient := newBare(t), newIdentity(t).Recipient().String()
	deliver(t, withSecrets(request(repo, "d1", secret("db", canary)), recipient))
	qa := withSecrets(request(repo, "d1", secret("db", canary)), recipient)
	qa.EnvID, qa.Path = "qa", "envs/qa"
	deliver(t, qa)
	mark := func(file string) string {
		var tree struct {
			Metadata struct{ Annotations map[string]string }
		}
		require.NoError(t, yaml.Unmarshal([]byte(show(t, repo, file)), &tree))
		return tree.Metadata.Annotations["slipway.dev/fingerprint"]
	}
	require.NotEmpty(t, mark(secretFile))
	require.NotEqual(t, mark(secretFile), mark("envs/qa/shop/secret-db.yaml"))
}

func TestSecretsAreRefusedOrKeptIn(t *testing.T) {
	t.Parallel()
	needGit(t)
	identity := newIdentity(t)
	encoded := base64.StdEncoding.EncodeToString([]byte(canary))
	cases := map[string]struct {
		change func(r *git.Request)
		want   string
	}{
		"no recipient":    {func(r *git.Request) { r.AgeRecipients = nil }, "Secret shop/db: there is no age recipient"},
		"mode refuse":     {func(r *git.Request) { r.SecretsMode = git.SecretsRefuse }, "Secret shop/db: this target takes no Secrets"},
		"wrong recipient": {func(r *git.Request) { r.AgeRecipients = []string{"age1x"} }, `age recipient "age1x" is not valid`},
		"value in a ConfigMap": {func(r *git.Request) {
			r.Objects = append(r.Objects, configMap("a", "postgres://u:"+canary+"@h/d"))
		}, "ConfigMap shop/a: contains in clear text a value of Secret shop/db, key password"},
		"encoded value in a ConfigMap": {func(r *git.Request) { r.Objects = append(r.Objects, configMap("a", encoded)) },
			"ConfigMap shop/a: contains in clear text a value of Secret shop/db, key password"},
		"value as a key": {func(r *git.Request) {
			r.Objects = append(r.Objects, object("v1", "ConfigMap", "shop", "a", map[string]any{"data": map[string]any{canary: "x"}}))
		}, "ConfigMap shop/a: contains in clear text"},
		"value in an annotation of the Secret itself": {func(r *git.Request) {
			r.Objects[0].Tree["metadata"].(map[string]any)["annotations"] = map[string]any{"last-applied": "x " + canary}
		}, "Secret shop/db: contains in clear text"},
		"value in the comment": {func(r *git.Request) { r.Comment = "now with " + canary }, "the commit message contains in clear text"},
		"value in stringData": {func(r *git.Request) {
			s := object("v1", "Secret", "shop", "db", map[string]any{"stringData": map[string]any{"password": canary}})
			r.Objects = []git.Object{s, configMap("a", canary)}
		}, "ConfigMap shop/a: contains in clear text"},
		"further sensitive value": {func(r *git.Request) {
			r.Sensitive = []string{"another-value"}
			r.Objects = append(r.Objects, configMap("a", "x another-value y"))
		}, "ConfigMap shop/a: contains in clear text a value of a secret input"},
		"number": {func(r *git.Request) {
			r.Objects = []git.Object{secret("db", "7391640055"), object("v1", "ConfigMap", "shop", "a", map[string]any{"pin": 7391640055.0})}
		}, "ConfigMap shop/a: contains in clear text"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			repo := newBare(t)
			before := run(t, repo, "rev-parse", "main")
			r := withSecrets(request(repo, "d1", secret("db", canary)), identity.Recipient().String())
			tc.change(&r)
			_, err := git.New().Deliver(background(t), r)
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), canary)
			require.NotContains(t, err.Error(), encoded)
			require.Equal(t, before, run(t, repo, "rev-parse", "main"))
			requireNoCanary(t, repo)
		})
	}
}

func TestPublicValuesOfASecretMayAppear(t *testing.T) {
	t.Parallel()
	repo, recipient := newBare(t), newIdentity(t).Recipient().String()
	s := object("v1", "Secret", "shop", "database", map[string]any{
		"stringData": map[string]any{"username": "postgres", "name": "database", "password": canary},
	})
	s.Tree["metadata"].(map[string]any)["annotations"] = map[string]any{"slipway.dev/public-keys": "host, username"}
	deliver(t, withSecrets(request(repo, "d1", s, configMap("a", "image postgres:16, database")), recipient))
}

// The tools that follow the repository read it with these libraries; see internal/secrets/sops/compat.
func TestOfficialToolsReadTheRepository(t *testing.T) {
	needGit(t)
	tool := os.Getenv("SLIPWAY_SOPS_COMPAT")
	if tool == "" || tool == "build" {
		t.Skip("SLIPWAY_SOPS_COMPAT names no compat program: not checked against the official sops and kustomize")
	}
	repo, identity := newBare(t), newIdentity(t)
	deliver(t, withSecrets(request(repo, "d1", object("v1", "Namespace", "", "shop", nil), secret("db", canary), configMap("a", "1")), identity.Recipient().String()))
	nothing := request(repo, "d1")
	nothing.EnvID, nothing.Path = "empty", "envs/empty"
	deliver(t, nothing)
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, t.TempDir(), "clone", "-q", repo, clone)

	call := func(in []byte, args ...string) string {
		cmd := exec.Command(tool, args...)
		cmd.Env = append(os.Environ(), "SOPS_AGE_KEY="+identity.String())
		cmd.Stdin = bytes.NewReader(in)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		require.NoError(t, cmd.Run(), errs.String())
		return out.String()
	}
	require.Contains(t, call([]byte(show(t, repo, secretFile)), "decrypt"), base64.StdEncoding.EncodeToString([]byte(canary)))
	built := call(nil, "kustomize", filepath.Join(clone, "envs/dev"))
	for _, kind := range []string{"kind: Namespace", "kind: Secret", "kind: ConfigMap", "sops:"} {
		require.Contains(t, built, kind)
	}
	require.NotContains(t, built, ".slipway")
	require.Empty(t, strings.TrimSpace(call(nil, "kustomize", filepath.Join(clone, "envs/empty"))))
}

// What is an ordinary word, or known to be public, is no leak although a Secret repeats it.
func TestPublicValuesMayStandInTheOpen(t *testing.T) {
	t.Parallel()
	needGit(t)
	identity := newIdentity(t)
	cases := map[string]struct {
		value  string
		public []string
	}{
		"a user name that is a word": {value: "postgres"},
		"a plain output":             {value: "db-7f3a.example.com", public: []string{"db-7f3a.example.com"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := withSecrets(request(newBare(t), "d1", secret("db", tc.value), configMap("a", "x "+tc.value+" y")), identity.Recipient().String())
			r.Public = tc.public
			deliver(t, r)
		})
	}
}
