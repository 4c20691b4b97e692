package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/slipway-dev/slipway/internal/testenv"
)

// TestPreviews makes SLIPWAY_PREVIEWS preview environments at once (make previews); six of them come and go in
// TestChainOnKubernetes.
func TestPreviews(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("SLIPWAY_PREVIEWS"))
	if err != nil {
		t.Skip("a load check by hand: make previews N=200")
	}
	i := newInstance(t, "SLIPWAY_CLUSTER=dev", fmt.Sprintf("SLIPWAY_CLUSTER_PORT=%d", testenv.FreePort(t)), "SLIPWAY_LOG_LEVEL=info")
	i.start()
	previewsComeAndGo(i, i.cluster(), n)
}

// Applications whose previews are delivered to the control plane and to a Git repository.
const (
	clusterPreviews = "prevk"
	gitPreviews     = "prevg"
)

// previews are many environments that branches get and that end by themselves.
type previews struct {
	*instance
	client kubernetes.Interface
	hello  *helloDriver
	repo   string // bare
	n      int    // of both applications
	ttl    time.Duration

	accepted, deployed, gone time.Duration // since the first push
	peak                     int
	ready, late              []time.Duration // of each: from its push to its deployment's end; from its end to when it is gone
}

// previewsComeAndGo pushes an image for n/2 branches, each of which gets a preview in two applications, with a resource at a
// registered driver. All are deployed, end by themselves, and nothing of them is left anywhere.
func previewsComeAndGo(i *instance, client kubernetes.Interface, n int) {
	p := &previews{instance: i, client: client, hello: startHello(i.t), n: n, repo: filepath.Join(i.t.TempDir(), "previews.git"), ttl: max(15*time.Second, time.Duration(n)*1500*time.Millisecond)}
	p.bases()
	begin := time.Now()
	p.push(begin)
	p.followed(begin)
	i.t.Logf("previews at once\n\n%s", p.table())
	p.nothingLeft()
}

func (p *previews) bases() {
	t := p.t
	out, err := exec.Command("git", "init", "--quiet", "--bare", "--initial-branch=main", p.repo).CombinedOutput()
	require.NoError(t, err, "%s", out)
	p.must(http.StatusOK, http.MethodPost, org+"/resources/defs", map[string]any{
		"id": "previews-in-git", "name": "previews in git", "type": "k8s-cluster", "driver_type": "humanitec/k8s-cluster-git", "criteria": []any{map[string]any{"app_id": gitPreviews}},
		"driver_inputs": map[string]any{"values": map[string]any{"url": p.repo, "branch": "main", "path": "${context.app.id}/${context.env.id}"}},
	})
	p.driver("previews-hello", p.hello.url)
	p.greeting("previews-greeting", "demo/previews-hello", "hello", 0)
	for _, app := range []string{clusterPreviews, gitPreviews} {
		p.app(app)
		content := shares("previews-greeting")
		content["modules"] = addModule("web", plainModule("registry.example/previewed:1"))["modules"]
		p.succeeded(app, p.deploy(app, map[string]any{"delta_id": p.delta(app, content)}))
		p.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/preview-rules", map[string]any{
			"base_env": "development", "match_ref": "^refs/heads/pr/", "ttl": p.ttl.String(), "on_failure": "teardown"})
	}
	require.Len(t, p.hello.records(t), 2)
}

func (p *previews) push(begin time.Time) {
	for k := range (p.n + 1) / 2 {
		p.must(http.StatusOK, http.MethodPost, org+"/artefact-versions", map[string]any{
			"type": "container", "name": "registry.example/previewed", "version": fmt.Sprintf("pr-%03d", k), "ref": fmt.Sprintf("refs/heads/pr/%03d", k), "commit": "884bcca"})
	}
	p.accepted = time.Since(begin)
}

// followed looks until all were deployed and are gone again.
func (p *previews) followed(begin time.Time) {
	ends, want := map[string]time.Time{}, 2*((p.n+1)/2)
	patience := 2*p.ttl + time.Duration(p.n)*3*time.Second + 5*time.Minute
	p.wait(patience, func() bool {
		now, there, over := time.Now(), map[string]bool{}, 0
		for _, app := range []string{clusterPreviews, gitPreviews} {
			for _, env := range p.list(org + "/apps/" + app + "/envs") {
				if id := env["id"].(string); id != "development" {
					there[app+"/"+id] = true
					if _, known := ends[app+"/"+id]; !known {
						ends[app+"/"+id] = stamp(p, env["created_at"]).Add(p.ttl)
					}
				}
			}
			for _, r := range p.requests(app) {
				require.NotEqual(p.t, "failed", r["status"], "%v", r)
				if r["status"] == "succeeded" {
					over++
				}
			}
		}
		for id, at := range ends {
			if !at.IsZero() && !there[id] {
				p.late = append(p.late, now.Sub(at))
				ends[id] = time.Time{}
			}
		}
		p.peak = max(p.peak, len(there))
		if p.deployed == 0 && over == want {
			p.deployed = time.Since(begin)
		}
		return over == want && len(there) == 0
	})
	p.gone = time.Since(begin)
	require.Len(p.t, ends, want, "each was there")
	for _, app := range []string{clusterPreviews, gitPreviews} {
		for _, r := range p.requests(app) {
			p.ready = append(p.ready, stamp(p, r["finished_at"]).Sub(stamp(p, r["created_at"])))
		}
	}
}

// requests are all requests for previews of an application.
func (p *previews) requests(app string) []map[string]any {
	return p.list(org + "/apps/" + app + "/env-requests?limit=1000")
}

func stamp(p *previews, v any) time.Time {
	at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(v))
	require.NoError(p.t, err)
	return at
}

// nothingLeft looks at every backend: with the bases first, and then without them.
func (p *previews) nothingLeft() {
	t := p.t
	require.ElementsMatch(t, []string{clusterPreviews + "-development"}, p.namespaces())
	require.ElementsMatch(t, []string{gitPreviews + "/development"}, p.folders())
	require.Len(t, p.hello.records(t), 2, "those of the bases")
	made := map[string]bool{}
	for _, call := range p.hello.seen() {
		if strings.HasPrefix(call, "PUT ") && strings.HasSuffix(call, " 200") {
			made[strings.Fields(call)[1]] = true
		}
	}
	require.Len(t, made, 2*((p.n+1)/2)+2, "each had a resource of its own")
	for _, app := range []string{clusterPreviews, gitPreviews} {
		require.Len(t, p.list(envPath(app, "development")+"/resources?scheduled_deletion=false"), len(p.list(envPath(app, "development")+"/resources")))
		status, _ := p.call(http.MethodDelete, org+"/apps/"+app, nil)
		require.Equal(t, http.StatusAccepted, status)
	}
	for _, app := range []string{clusterPreviews, gitPreviews} {
		p.vanishes(org + "/apps/" + app)
	}
	require.Empty(t, p.namespaces())
	require.Empty(t, p.folders())
	require.Empty(t, p.hello.records(t))
	orphans := p.must(http.StatusOK, http.MethodGet, org+"/orphans", nil)["orphans"]
	require.Empty(t, orphans)
}

func (p *previews) namespaces() (out []string) {
	p.t.Helper()
	list, err := p.client.CoreV1().Namespaces().List(context.Background(), metav1.ListOptions{})
	require.NoError(p.t, err)
	for _, ns := range list.Items {
		if strings.HasPrefix(ns.Name, clusterPreviews+"-") {
			out = append(out, ns.Name)
		}
	}
	return out
}

// folders are those of environments in the repository.
func (p *previews) folders() (out []string) {
	p.t.Helper()
	raw, err := exec.Command("git", "--git-dir", p.repo, "ls-tree", "-r", "--name-only", "main").CombinedOutput()
	require.NoError(p.t, err, "%s", raw)
	for _, path := range strings.Fields(string(raw)) {
		if parts := strings.SplitN(path, "/", 3); len(parts) == 3 && !slices.Contains(out, parts[0]+"/"+parts[1]) {
			out = append(out, parts[0]+"/"+parts[1])
		}
	}
	return out
}

// table is what was measured, as Markdown.
func (p *previews) table() string {
	of := func(all []time.Duration) string {
		sorted := slices.Sorted(slices.Values(all))
		at := func(share float64) time.Duration {
			return sorted[int(share*float64(len(sorted)-1))].Round(100 * time.Millisecond)
		}
		return fmt.Sprintf("%s / %s / %s", at(0.5), at(0.9), at(1))
	}
	seconds := func(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }
	var out strings.Builder
	for _, line := range [][2]string{
		{"previews", "time"}, {"---", "---"},
		{"environments: made / at once at most", fmt.Sprintf("%d / %d", 2*((p.n+1)/2), p.peak)}, {"time to live", p.ttl.String()},
		{"all pushes accepted after", seconds(p.accepted)}, {"all deployed after", seconds(p.deployed)}, {"none left after", seconds(p.gone)},
		{"from the push to a deployed preview (median / 90 % / longest)", of(p.ready)},
		{"from the end of its life to gone (median / 90 % / longest)", of(p.late)},
	} {
		fmt.Fprintf(&out, "| %s | %s |\n", line[0], line[1])
	}
	return out.String()
}
