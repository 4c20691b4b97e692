package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
)

var shopFiles = []string{example("shop", "frontend.yaml"), example("shop", "catalog.yaml"), example("shop", "orders.yaml")}

// paymentKey is a secret that must be found nowhere but where it belongs.
const paymentKey = "pk-canary-4f8b1c2d9e7a6035-XYZZY"

// prepareShop makes the application of examples/shop with its values.
func prepareShop(i *instance) {
	i.t.Helper()
	i.app("shop")
	for key, value := range map[string]string{"BANNER": "Welcome", "LOG_LEVEL": "info"} {
		i.must(http.StatusCreated, http.MethodPost, org+"/apps/shop/values",
			map[string]any{"key": key, "value": value, "description": ""})
	}
	i.must(http.StatusCreated, http.MethodPost, org+"/apps/shop/values",
		map[string]any{"key": "PAYMENT_KEY", "value": paymentKey, "description": "", "is_secret": true})
}

func TestShopFromScoreToCommit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t)
	i.start()
	prepareShop(i)
	id := i.deploy("shop", map[string]any{"delta_id": i.scoreDelta("shop", shopFiles...), "comment": "first"})
	d := i.succeeded("shop", id)
	require.Equal(t, 1, i.commits(id))
	require.Equal(t, strings.TrimSpace(i.git("rev-parse", "main")), d["target"].(map[string]any)["revision"])

	tree := i.git("ls-tree", "-r", "--name-only", "main")
	for _, want := range []string{"deployment-frontend", "deployment-catalog", "deployment-orders", "service-orders", "kustomization.yaml"} {
		require.Contains(t, strings.ToLower(tree), want)
	}
	resources := i.list(envPath("shop", "development") + "/resources")
	require.NotEmpty(t, resources)
	seen := map[string]bool{}
	for _, r := range resources {
		seen[r["type"].(string)+"#"+r["res_id"].(string)] = true
		require.Equal(t, "active", r["status"])
	}
	for _, want := range []string{
		"workload#modules.frontend", "workload#modules.catalog", "workload#modules.orders", "k8s-cluster#k8s-cluster",
		"postgres#shared.shop-db", "redis#modules.catalog.externals.cache", "dns#shared.shop-dns",
		"volume#modules.catalog.externals.images", "route#modules.frontend.externals.route",
	} {
		require.True(t, seen[want], "active resource %s is missing among %v", want, seen)
	}

	t.Run("a second deployment of the same changes no file", func(t *testing.T) {
		own := i.as(t)
		again := own.deploy("shop", map[string]any{})
		own.succeeded("shop", again)
		require.Equal(t, 1, own.commits(again))
		require.Empty(t, strings.TrimSpace(own.git("diff", "--stat", "main~1", "main")))
	})
	t.Run("a removed workload leaves the repository", func(t *testing.T) {
		own := i.as(t)
		delta := own.delta("shop", map[string]any{"modules": map[string]any{"remove": []string{"frontend"}}}) // nobody refers to it
		own.succeeded("shop", own.deploy("shop", map[string]any{"delta_id": delta}))
		require.NotContains(t, own.git("ls-tree", "-r", "--name-only", "main"), "frontend")
	})
	t.Run("the secret is found nowhere", func(t *testing.T) {
		i.stop() // so that everything is on disk
		requireNowhere(t, i.home, paymentKey)
		require.NotContains(t, i.git("log", "-p", "--all"), paymentKey)
	})
}

// requireNowhere searches every file below a folder.
func requireNowhere(t *testing.T, root, secret string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		if strings.Contains(string(raw), secret) {
			t.Errorf("the secret stands in %s", path)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, files, 10, "something was searched")
}

func TestKilledInTheMiddleItFinishes(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	i := newInstance(t)
	i.start()
	prepareShop(i)
	delta := i.scoreDelta("shop", shopFiles...)
	for n, after := range []time.Duration{0, 30 * time.Millisecond, 80 * time.Millisecond, 150 * time.Millisecond, 300 * time.Millisecond} {
		request := map[string]any{"comment": fmt.Sprintf("kill %d", n)}
		if n == 0 {
			request["delta_id"] = delta
		}
		id := i.deploy("shop", request)
		time.Sleep(after) // the moment of the kill, not a wait for something
		i.kill()
		started := time.Now()
		i.start()
		t.Logf("kill after %s: restarted in %s", after, time.Since(started).Round(time.Millisecond))
		i.succeeded("shop", id)
		require.Equal(t, 1, i.commits(id), "one commit")
		requireOneCompletionPerNode(i, "shop", id)
	}
}

// requireOneCompletionPerNode reads from the events that no node was completed twice.
func requireOneCompletionPerNode(i *instance, app, id string) {
	i.t.Helper()
	base := envPath(app, "development") + "/deploys/" + id
	completed := map[string]int{}
	for _, e := range i.list(base + "/nodes") {
		require.Equal(i.t, "succeeded", e["status"])
		completed[e["key"].(string)] = 0
	}
	for _, e := range i.events(base) {
		if e["type"] == "node.status" && e["status"] == "succeeded" {
			completed[e["node"].(string)]++
		}
	}
	require.NotEmpty(i.t, completed)
	for node, n := range completed {
		require.Equal(i.t, 1, n, "node %s", node)
	}
}

// events reads all events of a deployment as a list.
func (i *instance) events(base string) []map[string]any {
	i.t.Helper()
	req, err := http.NewRequest(http.MethodGet, i.url+base+"/events?limit=1000", nil)
	require.NoError(i.t, err)
	req.Header.Set("Authorization", "Bearer "+i.token())
	req.Header.Set("Accept", "application/json")
	return decodeList(i.t, req)
}

func TestTwoDeltasAtOnceAreBothInTheFinalSet(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	i.start()
	i.app("pair")
	module := func(image string) map[string]any {
		return map[string]any{"profile": "humanitec/default-module", "spec": map[string]any{
			"containers": map[string]any{"main": map[string]any{"id": "main", "image": image}},
		}}
	}
	var ids [2]string
	var wait sync.WaitGroup
	for n, name := range []string{"left", "right"} {
		delta := i.delta("pair", map[string]any{"modules": map[string]any{"add": map[string]any{name: module("busybox:1")}}})
		wait.Add(1)
		go func() {
			defer wait.Done()
			_, out, err := i.try(http.MethodPost, envPath("pair", "development")+"/deploys", map[string]any{"delta_id": delta})
			if object, ok := out.(map[string]any); ok && err == nil {
				ids[n], _ = object["id"].(string)
			}
		}()
	}
	wait.Wait()
	for _, id := range ids {
		require.NotEmpty(t, id)
		i.succeeded("pair", id)
	}
	env := i.must(http.StatusOK, http.MethodGet, envPath("pair", "development"), nil)
	last := env["last_deploy"].(map[string]any)
	set := i.must(http.StatusOK, http.MethodGet, org+"/apps/pair/sets/"+last["set_id"].(string), nil)
	require.Len(t, set["modules"], 2)
}

func TestAnyTemporalWillDo(t *testing.T) {
	t.Parallel()
	i := newInstance(t, "TEMPORAL_ADDRESS="+testenv.Temporal(t), "TEMPORAL_NAMESPACE=bare-"+fmt.Sprint(time.Now().UnixNano()))
	i.start()
	i.app("bare")
	id := i.deploy("bare", map[string]any{"delta_id": i.scoreDelta("bare", example("hello", "score.yaml"))})
	i.succeeded("bare", id)
}
