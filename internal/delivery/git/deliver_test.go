package git_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/delivery/git"
)

func TestDeliverWritesTheLayout(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	result := deliver(t, request(repo, "d1",
		object("v1", "Namespace", "", "shop", nil),
		object("rbac.authorization.k8s.io/v1", "ClusterRole", "", "system:Reader", nil),
		configMap("settings", "on"),
	))
	want := []string{
		"envs/dev/.slipway.yaml", "envs/dev/cluster/clusterrole-system_reader.yaml", "envs/dev/cluster/namespace-shop.yaml",
		"envs/dev/kustomization.yaml", "envs/dev/shop/configmap-settings.yaml",
	}
	require.Equal(t, want, files(t, repo))
	require.Equal(t, want, result.Written)
	require.Empty(t, result.Removed)
	require.Equal(t, "main", result.Branch)
	require.Equal(t, repo, result.URL)
	require.Equal(t, run(t, repo, "rev-parse", "main"), result.Commit)
	require.Equal(t, "apiVersion: v1\ndata:\n  value: \"on\"\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: shop\n",
		show(t, repo, "envs/dev/shop/configmap-settings.yaml"))
	require.Contains(t, show(t, repo, "envs/dev/kustomization.yaml"),
		"resources:\n- cluster/namespace-shop.yaml\n- shop/configmap-settings.yaml\n- cluster/clusterrole-system_reader.yaml\n")

	message := run(t, repo, "log", "-1", "--format=%an <%ae> %aI%n%B", "main")
	require.Equal(t, `Ann Example <ann@example.com> 2026-03-01T12:00:00+00:00
Deploy shop/dev: deployment d1

Bigger buttons

Deployed by Ann Example.

Slipway-Deployment: d1
Slipway-Set: set-d1
Slipway-Environment: acme/shop/dev
Slipway-Path: /envs/dev`, message)
	require.Equal(t, "d1", run(t, repo, "log", "-1", "--format=%(trailers:key=Slipway-Deployment,valueonly)", "main"))
	requireSound(t, repo)
}

func TestKeptObjectsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	deliver(t, request(repo, "d1", configMap("settings", "on"), configMap("goes", "on")))
	kept := configMap("settings", "another")
	kept.Kept = true
	second := deliver(t, request(repo, "d2", kept))
	require.Equal(t, []string{"envs/dev/shop/configmap-goes.yaml"}, second.Removed)
	require.Contains(t, show(t, repo, "envs/dev/shop/configmap-settings.yaml"), `value: "on"`)
	require.Contains(t, show(t, repo, "envs/dev/kustomization.yaml"), "shop/configmap-settings.yaml")
	deliver(t, request(repo, "d3"))
	require.NotContains(t, files(t, repo), "envs/dev/shop/configmap-settings.yaml")

	// Where somebody has removed it, it is written as it was meant.
	deliver(t, request(repo, "d4", kept))
	require.Contains(t, show(t, repo, "envs/dev/shop/configmap-settings.yaml"), "another")
}

func TestEveryDeploymentHasOneCommit(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	first := deliver(t, request(repo, "d1", configMap("settings", "on")))
	require.False(t, first.Unchanged)

	again := deliver(t, request(repo, "d1", configMap("settings", "on")))
	require.True(t, again.Repeated)
	require.Equal(t, first.Commit, again.Commit)
	require.Equal(t, 2, commits(t, repo))

	same := deliver(t, request(repo, "d2", configMap("settings", "on")))
	require.True(t, same.Unchanged)
	require.Empty(t, same.Written)
	require.NotEqual(t, first.Commit, same.Commit)
	require.Equal(t, 3, commits(t, repo))
	require.Empty(t, run(t, repo, "diff", "--name-only", "main~1", "main"))

	// A late repetition of the first must not undo what came after it.
	changed := deliver(t, request(repo, "d3", configMap("settings", "off")))
	late := deliver(t, request(repo, "d1", configMap("settings", "on")))
	require.True(t, late.Repeated)
	require.Equal(t, changed.Commit, run(t, repo, "rev-parse", "main"))

	// The same deployment id in another Environment, or under another path, is another delivery.
	other := request(repo, "d1", configMap("settings", "on"))
	other.EnvID, other.Path = "qa", "envs/qa"
	require.False(t, deliver(t, other).Repeated)
	requireSound(t, repo)
}

func TestCommentCannotForgeATrailer(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	evil := request(repo, "d1", configMap("settings", "on"))
	evil.Comment = "x\n\nSlipway-Deployment: d2\nSlipway-Environment: acme/shop/dev\nSlipway-Path: /envs/dev\n"
	evil.Author = "A\nSlipway-Deployment: d2 <b@c>"
	deliver(t, evil)
	require.False(t, deliver(t, request(repo, "d2", configMap("settings", "on"))).Repeated)

	evil = request(repo, "d3\nSlipway-Deployment: d4")
	_, err := git.New().Deliver(background(t), evil)
	require.ErrorIs(t, err, git.ErrRefused)
}

func TestRemovedObjectsGoAndForeignFilesStay(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	foreign(t, repo, "README.md", "hello")
	foreign(t, repo, "envs/dev/shop/by-hand.yaml", "kind: Mine")
	deliver(t, request(repo, "d1", configMap("a", "1"), configMap("b", "1"), object("v1", "Namespace", "", "shop", nil)))
	foreign(t, repo, "envs/dev/shop/configmap-a.yaml", "edited: by hand")

	result := deliver(t, request(repo, "d2", configMap("a", "1")))
	require.Equal(t, []string{"envs/dev/cluster/namespace-shop.yaml", "envs/dev/shop/configmap-b.yaml"}, result.Removed)
	require.Contains(t, result.Written, "envs/dev/shop/configmap-a.yaml", "what Slipway wrote is put right")
	require.Equal(t, []string{
		"README.md", "envs/dev/.slipway.yaml", "envs/dev/kustomization.yaml", "envs/dev/shop/by-hand.yaml", "envs/dev/shop/configmap-a.yaml",
	}, files(t, repo))

	removed, err := git.New().Remove(background(t), request(repo, "d3"))
	require.NoError(t, err)
	require.Equal(t, []string{"envs/dev/.slipway.yaml", "envs/dev/kustomization.yaml", "envs/dev/shop/configmap-a.yaml"}, removed.Removed)
	require.Equal(t, []string{"README.md", "envs/dev/shop/by-hand.yaml"}, files(t, repo))

	again, err := git.New().Remove(background(t), request(repo, "d3"))
	require.NoError(t, err)
	require.True(t, again.Repeated)
	require.Equal(t, removed.Commit, again.Commit)
	nothing, err := git.New().Remove(background(t), request(repo, ""))
	require.NoError(t, err)
	require.True(t, nothing.Unchanged)
	require.Equal(t, removed.Commit, nothing.Commit)
	requireSound(t, repo)
}

func TestLostInventory(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	deliver(t, request(repo, "d1", configMap("a", "1"), configMap("b", "1")))
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, t.TempDir(), "clone", "-q", repo, clone)
	run(t, clone, "rm", "-q", "envs/dev/.slipway.yaml")
	run(t, clone, "commit", "-q", "-m", "what is this file?")
	run(t, clone, "push", "-q")
	result := deliver(t, request(repo, "d2", configMap("a", "2")))
	require.Equal(t, []string{"envs/dev/shop/configmap-b.yaml"}, result.Removed)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	needGit(t)
	cases := map[string]struct {
		prepare func(t *testing.T, repo string)
		change  func(r *git.Request)
		want    string
	}{
		"foreign file in the way": {
			prepare: func(t *testing.T, repo string) { foreign(t, repo, "envs/dev/shop/configmap-a.yaml", "x") },
			want:    "envs/dev/shop/configmap-a.yaml exists and was not written by Slipway",
		},
		"foreign kustomization": {
			prepare: func(t *testing.T, repo string) { foreign(t, repo, "envs/dev/kustomization.yaml", "resources: []") },
			want:    "envs/dev/kustomization.yaml exists and was not written by Slipway",
		},
		"other spelling of kustomization": {
			prepare: func(t *testing.T, repo string) { foreign(t, repo, "envs/dev/Kustomization", "resources: []") },
			want:    "envs/dev/Kustomization exists beside",
		},
		"file where a directory is needed": {
			prepare: func(t *testing.T, repo string) { foreign(t, repo, "envs", "x") },
			want:    "envs is a file in the repository",
		},
		"path of another environment": {
			prepare: func(t *testing.T, repo string) {
				r := request(repo, "d0", configMap("a", "1"))
				r.EnvID = "qa"
				deliver(t, r)
			},
			want: "belongs to Environment acme/shop/qa",
		},
		"inventory pointing outside": {
			prepare: func(t *testing.T, repo string) {
				foreign(t, repo, "envs/dev/.slipway.yaml", "version: 1\nenvironment: acme/shop/dev\nfiles: {../qa/x: y}")
			},
			want: `lists "../qa/x", which is outside`,
		},
		"object twice":   {change: func(r *git.Request) { r.Objects = append(r.Objects, r.Objects[0]) }, want: "ConfigMap shop/a: is there twice|ConfigMap shop/a is there twice"},
		"path outside":   {change: func(r *git.Request) { r.Path = "../etc" }, want: "not a directory inside the repository"},
		"path in .git":   {change: func(r *git.Request) { r.Path = "a/.git/hooks" }, want: "not a directory inside the repository"},
		"branch name":    {change: func(r *git.Request) { r.Branch = "a..b" }, want: "not a valid branch name"},
		"no deployment":  {change: func(r *git.Request) { r.DeploymentID = "" }, want: "names no deployment"},
		"no environment": {change: func(r *git.Request) { r.EnvID = "" }, want: "names no environment"},
		"no repository":  {change: func(r *git.Request) { r.URL += "-gone" }, want: "is not a bare Git repository"},
		"no URL":         {change: func(r *git.Request) { r.URL = "" }, want: "URL is empty"},
		"scheme":         {change: func(r *git.Request) { r.URL = "git://host/x" }, want: "git:// are not supported"},
		"secrets mode":   {change: func(r *git.Request) { r.SecretsMode = "plain" }, want: `"plain" is not known`},
		"content says something else": {
			change: func(r *git.Request) { r.Objects[0].Tree["kind"] = "Secret" },
			want:   "say something else",
		},
		"secret in a list": {
			change: func(r *git.Request) {
				list := object("v1", "List", "", "l", map[string]any{"items": []any{map[string]any{"kind": "Secret"}}})
				r.Objects = append(r.Objects, list)
			},
			want: "contains a Secret as a list item",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			repo := newBare(t)
			if tc.prepare != nil {
				tc.prepare(t, repo)
			}
			before := run(t, repo, "rev-parse", "main")
			r := request(repo, "d1", configMap("a", "1"))
			if tc.change != nil {
				tc.change(&r)
			}
			_, err := git.New().Deliver(background(t), r)
			require.ErrorIs(t, err, git.ErrRefused)
			require.Regexp(t, strings.ReplaceAll(tc.want, ".", `\.`), err.Error())
			require.Equal(t, before, run(t, repo, "rev-parse", "main"))
		})
	}
}

func TestNamesThatCollideGetASuffix(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	objects := []git.Object{
		object("networking.k8s.io/v1", "Ingress", "shop", "web", nil), object("example.org/v1", "Ingress", "shop", "web", nil),
		object("rbac.authorization.k8s.io/v1", "Role", "shop", "a:b", nil), object("rbac.authorization.k8s.io/v1", "Role", "shop", "a.b", nil),
		object("v1", "ConfigMap", "cluster", "x", nil), object("v1", "ConfigMap", "", "x", nil),
		object("v1", "ConfigMap", "shop", strings.Repeat("n", 253), nil),
	}
	deliver(t, request(repo, "d1", objects...))
	require.Len(t, files(t, repo), len(objects)+2)
	slicesReversed := make([]git.Object, 0, len(objects))
	for i := range objects {
		slicesReversed = append(slicesReversed, objects[len(objects)-1-i])
	}
	require.True(t, deliver(t, request(repo, "d2", slicesReversed...)).Unchanged, "the order of the objects does not matter")
}

func TestEmptyRepositoryAndMissingBranch(t *testing.T) {
	t.Parallel()
	needGit(t)
	empty := filepath.Join(t.TempDir(), "empty.git")
	run(t, t.TempDir(), "init", "-q", "--bare", "-b", "main", empty)
	deliver(t, request(empty, "d1", configMap("a", "1")))
	require.Equal(t, 1, commits(t, empty))

	repo := newBare(t)
	r := request("file://"+repo, "d1", configMap("a", "1"))
	r.Branch, r.Path = "env/dev", ""
	result := deliver(t, r)
	require.Equal(t, result.Commit, run(t, repo, "rev-parse", "env/dev"))
	require.Equal(t, 1, commits(t, repo), "main is left alone")
	require.Contains(t, run(t, repo, "ls-tree", "-r", "--name-only", "env/dev"), "kustomization.yaml")

	gone, err := git.New().Remove(background(t), func() git.Request { r := request(repo, "d2"); r.Branch = "none"; return r }())
	require.NoError(t, err)
	require.Empty(t, gone.Commit)
	requireSound(t, repo)
}

func TestAWorkingCopyIsRefused(t *testing.T) {
	t.Parallel()
	needGit(t)
	dir := t.TempDir()
	run(t, dir, "init", "-q")
	_, err := git.New().Deliver(background(t), request(dir, "d1"))
	require.ErrorContains(t, err, "has a working copy")
}

func TestConcurrentEnvironmentsOfOneRepository(t *testing.T) {
	t.Parallel()
	needGit(t)
	repo := newBare(t)
	requireConcurrentDeliveries(t, repo, func(i int) git.Request { return request(repo, fmt.Sprintf("d%d", i)) })
}

// requireConcurrentDeliveries delivers 20 Environments at once, each through a Deliverer of its own, twice each.
func requireConcurrentDeliveries(t *testing.T, repo string, base func(i int) git.Request) {
	t.Helper()
	const environments = 20
	before := commits(t, repo)
	ctx := background(t)
	var wg sync.WaitGroup
	errs := make([]error, 2*environments)
	found := make([]string, 2*environments)
	for i := range environments {
		r := base(i)
		r.EnvID, r.Path = fmt.Sprintf("e%d", i), fmt.Sprintf("envs/e%d", i)
		r.Objects = []git.Object{configMap("settings", fmt.Sprint(i))}
		wg.Go(func() {
			for _, slot := range []int{i, i + environments} {
				result, err := git.New().Deliver(ctx, r)
				errs[slot], found[slot] = err, result.Commit
			}
		})
	}
	wg.Wait()
	for i := range environments {
		require.NoError(t, errs[i])
		require.NoError(t, errs[i+environments])
		require.Equal(t, found[i], found[i+environments])
		require.Contains(t, show(t, repo, fmt.Sprintf("envs/e%d/shop/configmap-settings.yaml", i)), fmt.Sprintf("value: \"%d\"", i))
	}
	require.Equal(t, before+environments, commits(t, repo))
	requireSound(t, repo)
}

func TestALockedBranchIsReported(t *testing.T) {
	t.Parallel()
	repo := newBare(t)
	lock := filepath.Join(repo, "refs", "heads", "main.lock")
	require.NoError(t, os.WriteFile(lock, nil, 0o600))
	_, err := git.New().Deliver(background(t), request(repo, "d1", configMap("a", "1")))
	require.ErrorContains(t, err, "if no git process is running, remove "+lock)
	require.NoError(t, os.Remove(lock))
	deliver(t, request(repo, "d1", configMap("a", "1")))
}

// leaveLock does what a delivery does before it is killed with the lock of its branch in its hands.
func leaveLock(t *testing.T, repo string, age time.Duration) (own, lock string) {
	t.Helper()
	own, lock = filepath.Join(repo, "slipway.lock.refs%2Fheads%2Fmain.123"), filepath.Join(repo, "refs", "heads", "main.lock")
	require.NoError(t, os.WriteFile(own, []byte(strings.Repeat("a", 40)+"\n"), 0o600))
	require.NoError(t, os.Chtimes(own, time.Time{}, time.Now().Add(-age)))
	require.NoError(t, os.Link(own, lock))
	return own, lock
}

func TestALockThatAKilledDeliveryLeftIsTakenAway(t *testing.T) {
	t.Parallel()
	for _, age := range []time.Duration{time.Hour, 0, -time.Hour} { // the last one by a clock that was changed since
		repo := newBare(t)
		own, lock := leaveLock(t, repo, age)
		deliver(t, request(repo, "d1", configMap("a", "1")))
		require.NoFileExists(t, own)
		require.NoFileExists(t, lock)
		requireSound(t, repo)
	}

	t.Run("but not before it is old", func(t *testing.T) {
		t.Parallel()
		repo := newBare(t)
		own, lock := leaveLock(t, repo, 0)
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer cancel()
		_, err := git.New().Deliver(ctx, request(repo, "d1", configMap("a", "1")))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.FileExists(t, own)
		require.FileExists(t, lock)
	})
	t.Run("and not that of a git program beside it", func(t *testing.T) {
		t.Parallel()
		repo := newBare(t)
		own, lock := leaveLock(t, repo, time.Hour)
		require.NoError(t, os.Remove(lock)) // it was killed before it had the lock
		require.NoError(t, os.WriteFile(lock, nil, 0o600))
		_, err := git.New().Deliver(background(t), request(repo, "d1", configMap("a", "1")))
		require.ErrorContains(t, err, "if no git process is running, remove "+lock)
		require.NoFileExists(t, own)
		require.FileExists(t, lock)
	})
	t.Run("nothing of ours stays after a delivery", func(t *testing.T) {
		t.Parallel()
		repo := newBare(t)
		deliver(t, request(repo, "d1", configMap("a", "1")))
		left, err := filepath.Glob(filepath.Join(repo, "slipway.lock.*"))
		require.NoError(t, err)
		require.Empty(t, left)
	})
}

// deliverForEver says in which repository this program delivers until it is killed.
const deliverForEver = "SLIPWAY_TEST_DELIVER_FOR_EVER"

func TestMain(m *testing.M) {
	if repo := os.Getenv(deliverForEver); repo != "" {
		for n, began := 0, time.Now(); time.Since(began) < time.Minute; n++ { // should nobody be left to kill it
			id := fmt.Sprintf("%d-%d", os.Getpid(), n)
			if _, err := git.New().Deliver(context.Background(), request(repo, id, configMap("a", id))); err != nil {
				panic(err)
			}
			if n == 0 {
				fmt.Println("delivers")
			}
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestADeliveryThatIsKilledStopsNoOther(t *testing.T) {
	t.Parallel()
	repo := newBare(t)
	for n := range 20 {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), deliverForEver+"="+repo)
		out, err := c.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		_, err = bufio.NewReader(out).ReadString('\n')
		require.NoError(t, err)
		time.Sleep(time.Duration(n) * time.Millisecond / 2) // the moment of the kill, not a wait for something
		require.NoError(t, c.Process.Kill())
		_ = c.Wait()
		deliver(t, request(repo, fmt.Sprintf("after-%d", n), configMap("a", fmt.Sprint(n))))
	}
	requireSound(t, repo)
}

func TestCancelledContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := git.New().Deliver(ctx, request(newBare(t), "d1", configMap("a", "1")))
	require.ErrorIs(t, err, context.Canceled)
}

func TestInitBare(t *testing.T) {
	t.Parallel()
	needGit(t)
	path := filepath.Join(t.TempDir(), "deep", "repo.git")
	require.NoError(t, git.InitBare(path, "deploy"))
	head := run(t, path, "rev-parse", "deploy")
	require.NoError(t, git.InitBare(path, "deploy"), "it may be repeated")
	require.Equal(t, head, run(t, path, "rev-parse", "HEAD"))
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, t.TempDir(), "clone", "-q", path, clone)
	require.Equal(t, "deploy", run(t, clone, "branch", "--show-current"))
	require.ErrorContains(t, git.InitBare(filepath.Dir(path), ""), "not empty")
	require.ErrorContains(t, git.InitBare(path+"2", "a..b"), "not a valid branch name")
}
