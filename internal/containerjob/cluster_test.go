package containerjob_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/internal/containerjob"
	"github.com/slipway-dev/slipway/internal/sidecar"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/internal/testenv/processnode"
)

// TestMain lets the test binary play the sidecar.
func TestMain(m *testing.M) {
	if len(os.Args) < 3 || os.Args[1] != "sidecar" {
		testenv.Main(m)
		return
	}
	if err := playSidecar(os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func playSidecar(part string, args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	flags := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		flags[args[i]] = args[i+1]
	}
	switch part {
	case "fetch":
		if err := sidecar.Fetch(ctx, flags["--from"], flags["--shared"]); err != nil || flags["--state"] == "" {
			return err
		}
		return sidecar.PlaceState(flags["--state"], flags["--shared"], flags["--state-path"])
	case "ready":
		return sidecar.Ready(flags["--shared"])
	case "deliver":
		return sidecar.Deliver(ctx, sidecar.DeliverOptions{
			Shared: flags["--shared"], Access: flags["--access"], Namespace: flags["--namespace"], Secret: flags["--secret"],
			StatePath: flags["--state-path"], StateSecret: flags["--state-secret"],
		})
	}
	return fmt.Errorf("no such part: %s", part)
}

const (
	slipwayImage = "registry.example.com/slipway:test"
	shellImage   = "registry.example.com/shell:1"
	canary       = "canary-of-a-secret"
)

// world is a namespace with a node that runs processes, and a driver.
type world struct {
	t         *testing.T
	client    kubernetes.Interface
	node      *processnode.Node
	namespace string
	config    *rest.Config // the driver's
	admin     *rest.Config
	states    containerjob.StateStore
	keys      containerjob.Keeper
	abandoned time.Duration
	start     time.Duration // of a pod; long unless the test is about one that no node takes
	runs      *containerjob.Runs
	driver    *container.Driver
	folder    string // what the containers change outside of theirs

	mu    sync.Mutex
	lines []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	kubeconfig := testenv.Kubernetes(t)
	w := &world{t: t, folder: t.TempDir(), start: time.Minute}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	config.QPS, config.Burst = 200, 400
	w.client, err = kubernetes.NewForConfig(config)
	require.NoError(t, err)
	made, err := w.client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "containers-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	w.namespace = made.Name
	t.Cleanup(func() {
		_ = w.client.CoreV1().Namespaces().Delete(context.Background(), w.namespace, metav1.DeleteOptions{})
	})
	w.node = processnode.Start(t, processnode.Options{
		Kubeconfig: kubeconfig, Images: map[string][]string{slipwayImage: nil, shellImage: {"sh", "-c", "exit 9"}}, Programs: map[string][]string{"slipway": {os.Args[0]}},
	})
	w.config, w.admin = config, config
	w.act(config)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(w.said())
		}
	})
	return w
}

// act makes the driver, with the rights of config.
func (w *world) act(config *rest.Config) {
	w.config = config
	w.runs = containerjob.New(containerjob.Options{
		Connect: func(context.Context, container.Spec) (*rest.Config, error) { return config, nil },
		MAC: func(purpose string, data []byte) []byte {
			sum := sha256.Sum256(append([]byte("key of the test"+purpose), data...))
			return sum[:]
		},
		Image: slipwayImage, Patience: 2 * time.Second, StartTimeout: w.start,
		States: w.states, Keeper: w.keys, Abandoned: w.abandoned,
	})
	w.driver = container.New(w.runs)
}

// limit lets the driver work with the rights that the guide names, and no others.
func (w *world) limit() {
	w.t.Helper()
	guide, err := os.ReadFile("../../docs/guides/container-driver.md")
	require.NoError(w.t, err)
	_, text, found := strings.Cut(string(guide), "```yaml\napiVersion: rbac.authorization.k8s.io/v1\n")
	require.True(w.t, found, "the guide has a Role")
	text, _, _ = strings.Cut(text, "```")
	var role rbacv1.Role
	require.NoError(w.t, yaml.UnmarshalStrict([]byte(text), &role))
	role.Namespace = w.namespace
	rbac := w.client.RbacV1()
	_, err = rbac.Roles(w.namespace).Create(w.t.Context(), &role, metav1.CreateOptions{})
	require.NoError(w.t, err)
	_, err = rbac.RoleBindings(w.namespace).Create(w.t.Context(), &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: role.Name}, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role.Name},
		Subjects: []rbacv1.Subject{{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: "worker"}},
	}, metav1.CreateOptions{})
	require.NoError(w.t, err)
	config := rest.CopyConfig(w.admin)
	config.Impersonate = rest.ImpersonationConfig{UserName: "worker"}
	limited, err := kubernetes.NewForConfig(config)
	require.NoError(w.t, err)
	require.Eventually(w.t, func() bool { // the API server learns of a Role a moment later
		_, err := limited.BatchV1().Jobs(w.namespace).List(w.t.Context(), metav1.ListOptions{})
		return err == nil
	}, time.Minute, 50*time.Millisecond)
	w.act(config)
}

// request runs a script; deployment tells requests apart.
func (w *world) request(deployment, script string) drivers.Request {
	return drivers.Request{
		GUResID: "g-1", Type: "thing", Class: "default", ID: "modules.a.externals.t", OrgID: "acme", DeploymentID: deployment,
		Values: map[string]any{
			"job": map[string]any{
				"image": shellImage, "command": []any{"sh", "$(X)"}, "namespace": w.namespace, "shared_directory": "/shared",
				"pod_template": w.node.Template(), "variables": map[string]any{"FOLDER": w.folder, "SIZE": 3.0},
			},
			"files": map[string]any{"run.sh": script, "data/note": "a note"},
		},
		Secrets: map[string]any{"job": map[string]any{"variables": map[string]any{"PASSWORD": canary}}, "files": map[string]any{"key.pem": canary + "-file"}},
		Log: func(line string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.lines = append(w.lines, line)
		},
	}
}

func (w *world) said() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.lines, "\n")
}

func (w *world) job(r drivers.Request) map[string]any { return r.Values["job"].(map[string]any) }

// shell is the command that runs the script of a request.
func (w *world) shell(r drivers.Request) drivers.Request {
	w.job(r)["command"] = []any{"sh", "/shared/run.sh"} // as published definitions do
	return r
}

func (w *world) objects() string {
	w.t.Helper()
	ctx := context.Background()
	jobs, err := w.client.BatchV1().Jobs(w.namespace).List(ctx, metav1.ListOptions{})
	require.NoError(w.t, err)
	pods, err := w.client.CoreV1().Pods(w.namespace).List(ctx, metav1.ListOptions{})
	require.NoError(w.t, err)
	events, err := w.client.CoreV1().Events(w.namespace).List(ctx, metav1.ListOptions{})
	require.NoError(w.t, err)
	raw, err := json.Marshal([]any{jobs, pods, events})
	require.NoError(w.t, err)
	return string(raw)
}

func (w *world) countJobs() int {
	w.t.Helper()
	jobs, err := w.client.BatchV1().Jobs(w.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(w.t, err)
	return len(jobs.Items)
}

const makes = `
set -e
echo "action $ACTION of $GURESID with $PASSWORD"
grep -q "a note" "$SCRIPTS_DIRECTORY/data/note"
echo "$ACTION" >> "$FOLDER/actions"
printf '{"size": %s, "was": "%s"}' "$SIZE" "$(cat "$COOKIE_FILE")" > "$OUTPUTS_FILE"
printf '{"password": "%s", "key": "%s"}' "$PASSWORD" "$(cat "$SCRIPTS_DIRECTORY/key.pem")" > "$SECRET_OUTPUTS_FILE"
printf '[{"location": "namespace", "data": {"kind": "ConfigMap"}}]' > "$MANIFESTS_FILE"
printf 'made in %s' "$ACTION" > "$COOKIE_FILE"
`

func TestClusterContainerLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.limit()
	r := w.shell(w.request("d1", makes))
	first, err := w.driver.Provision(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"size": 3.0, "was": ""}, first.Values)
	require.Equal(t, map[string]any{"password": canary, "key": canary + "-file"}, first.Secrets)
	require.Equal(t, []drivers.Manifest{{Location: "namespace", Data: map[string]any{"kind": "ConfigMap"}}}, first.Manifests)
	require.Equal(t, "made in create", first.Cookie)
	require.Contains(t, w.said(), "action create of g-1 with ")
	require.NotContains(t, w.said(), canary)
	require.NotContains(t, w.objects(), canary, "neither Jobs nor pods nor events show a secret")

	again, err := w.driver.Provision(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, first, again, "a repeated attempt gets what was made")
	require.Equal(t, 1, w.countJobs())

	update := w.shell(w.request("d2", makes))
	update.Cookie = first.Cookie
	second, err := w.driver.Provision(t.Context(), update)
	require.NoError(t, err)
	require.Equal(t, "made in create", second.Values["was"], "the cookie of the last time is there")
	require.NoError(t, w.driver.Destroy(t.Context(), update))
	require.NoError(t, w.driver.Destroy(t.Context(), update))
	actions, err := os.ReadFile(filepath.Join(w.folder, "actions"))
	require.NoError(t, err)
	require.Equal(t, "create\ncreate\ndestroy\ndestroy\n", string(actions))
	require.Equal(t, 2, w.countJobs(), "those of the deployments stay for their time")

	secrets, err := w.client.CoreV1().Secrets(w.namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	for _, s := range secrets.Items {
		require.True(t, strings.HasSuffix(s.Name, "-out"), "only results are left, for the time of their Job: %s", s.Name)
	}
}

func TestClusterContainerFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script string
		change func(w *world, r drivers.Request)
		want   []string
		kept   string
	}{
		"with a code and a word":  {script: `echo noted > "$COOKIE_FILE"; echo "no room for $PASSWORD" > "$ERROR_FILE"; exit 3`, kept: "noted\n", want: []string{"exit code 3", "no room for "}},
		"no such image":           {change: func(w *world, r drivers.Request) { w.job(r)["image"] = "nothing:1" }, want: []string{"ImagePullBackOff"}},
		"the image's own command": {change: func(w *world, r drivers.Request) { delete(w.job(r), "command") }, want: []string{"exit code 9"}},
		"no such namespace":       {change: func(w *world, r drivers.Request) { w.job(r)["namespace"] = "nowhere" }, want: []string{`no namespace "nowhere"`}},
		"no such service account": {
			change: func(w *world, r drivers.Request) { w.job(r)["service_account"] = "nobody" }, want: []string{`serviceaccount "nobody" not found`},
		},
		"no node": {
			change: func(w *world, r drivers.Request) {
				w.job(r)["pod_template"] = `{"spec": {"nodeSelector": {"no": "node"}}}`
				w.start = 3 * time.Second
				w.act(w.config)
			}, want: []string{"no node takes pod"},
		},
		"takes too long": {script: "sleep 60", change: func(w *world, r drivers.Request) { w.job(r)["timeout"] = "3s" }, want: []string{"time limit"}},
		"no JSON":        {script: `echo "{$PASSWORD" > "$SECRET_OUTPUTS_FILE"`, want: []string{"something else than a JSON object", "SECRET_OUTPUTS_FILE"}},
		"too large files": {change: func(_ *world, r drivers.Request) {
			r.Values["files"].(map[string]any)["large"] = strings.Repeat("x", 1<<20)
		}, want: []string{"fit into a Secret"}},
		"too much": {script: `head -c 2000000 /dev/zero > "$OUTPUTS_FILE"`, want: []string{"can be carried"}},
		"takes what is ours": {change: func(w *world, r drivers.Request) {
			w.job(r)["pod_template"] = map[string]any{"spec": map[string]any{"containers": []any{map[string]any{
				"name": "job", "volumeMounts": []any{map[string]any{"name": "slipway-access", "mountPath": "/x"}}}}}}
		}, want: []string{"mount none of them"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := w.shell(w.request("d1", c.script))
			if c.change != nil {
				c.change(w, r)
			}
			kept := ""
			r.Keep = func(cookie string) error { kept = cookie; return nil }
			_, err := w.driver.Provision(t.Context(), r)
			require.Equal(t, c.kept, kept)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.True(t, drivers.IsPermanent(err))
			require.NotContains(t, err.Error(), canary)
			require.NotContains(t, w.said(), canary)
			require.Zero(t, w.countJobs(), "a Job that failed is gone")
		})
	}
}

// begun waits until the script has written the file.
func (w *world) begun(name string) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		_, err := os.Stat(filepath.Join(w.folder, name))
		return err == nil
	}, time.Minute, 20*time.Millisecond)
}

func (w *world) pod() string {
	w.t.Helper()
	pods, err := w.client.CoreV1().Pods(w.namespace).List(context.Background(), metav1.ListOptions{})
	require.NoError(w.t, err)
	require.Len(w.t, pods.Items, 1)
	return pods.Items[0].Name
}

const slow = `echo x >> "$FOLDER/begun"; trap 'echo stopped > "$FOLDER/stopped"; exit 1' TERM; n=0; while [ ! -e "$FOLDER/go" ]; do sleep 0.1; done; echo '{"ok": true}' > "$OUTPUTS_FILE"`

func (w *world) background(ctx context.Context, r drivers.Request) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := w.driver.Provision(ctx, r)
		done <- err
	}()
	return done
}

func TestClusterContainerCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := w.shell(w.request("d1", slow))
	w.job(r)["command"] = []any{"sh", "-c", `exec sh "$SCRIPTS_DIRECTORY/run.sh"`}
	done := w.background(ctx, r)
	w.begun("begun")
	cancel()
	err := <-done
	var told *drivers.Error
	require.ErrorAs(t, err, &told)
	require.Equal(t, drivers.CodeInterrupted, told.Code)
	w.begun("stopped")
	require.Zero(t, w.countJobs())
	secrets, err := w.client.CoreV1().Secrets(w.namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	require.Empty(t, secrets.Items)
}

// A worker that goes away leaves the Job; the next attempt finds it.
func TestClusterContainerWorkerDies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, detach := context.WithCancelCause(t.Context())
	r := w.shell(w.request("d1", slow))
	done := w.background(ctx, r)
	w.begun("begun")
	detach(drivers.ErrDetach)
	require.Error(t, <-done)
	other := w.background(t.Context(), w.shell(w.request("d2", `echo '{}' > "$OUTPUTS_FILE"`)))
	require.Eventually(t, func() bool { return strings.Contains(w.said(), "which works on the same resource") }, time.Minute, 20*time.Millisecond)
	require.NoError(t, os.WriteFile(filepath.Join(w.folder, "go"), nil, 0o600))
	res, err := w.driver.Provision(t.Context(), r)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"ok": true}, res.Values)
	require.NoError(t, <-other)
	begun, err := os.ReadFile(filepath.Join(w.folder, "begun"))
	require.NoError(t, err)
	require.Equal(t, "x\n", string(begun), "it ran once")
}

func TestClusterContainerPodDies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kill      func(w *world, pod string)
		want      string
		permanent bool
	}{
		"kill -9":       {func(w *world, pod string) { _ = syscall.Kill(w.node.PID(w.namespace, pod, "job"), syscall.SIGKILL) }, "exit code 137", true},
		"out of memory": {func(w *world, pod string) { w.node.OutOfMemory(w.namespace, pod, "job") }, "OOMKilled", true},
		"evicted":       {func(w *world, pod string) { w.node.Evict(w.namespace, pod) }, "taken away by the cluster", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := w.shell(w.request("d1", slow))
			done := w.background(t.Context(), r)
			w.begun("begun")
			c.kill(w, w.pod())
			err := <-done
			require.ErrorContains(t, err, c.want)
			require.Equal(t, c.permanent, drivers.IsPermanent(err))
			require.NoError(t, os.WriteFile(filepath.Join(w.folder, "go"), nil, 0o600))
			_, err = w.driver.Provision(t.Context(), r)
			require.NoError(t, err, "the next attempt runs anew")
		})
	}
}

// The token of the sidecar is good for one thing.
func TestClusterContainerSidecarMayDoOneThing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := w.background(ctx, w.shell(w.request("d1", slow)))
	w.begun("begun")
	list, err := w.client.CoreV1().Secrets(w.namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	var token, out string
	for _, s := range list.Items {
		if strings.HasSuffix(s.Name, "-token") {
			token = string(s.Data["token"])
		}
		if strings.HasSuffix(s.Name, "-out") {
			out = s.Name
		}
	}
	config, err := clientcmd.BuildConfigFromFlags("", testenv.Kubernetes(t))
	require.NoError(t, err)
	config = rest.AnonymousClientConfig(config)
	config.BearerToken = token
	limited, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	_, err = limited.CoreV1().Secrets(w.namespace).Get(t.Context(), out, metav1.GetOptions{})
	require.True(t, apierrors.IsForbidden(err), "%v", err)
	_, err = limited.CoreV1().Secrets(w.namespace).List(t.Context(), metav1.ListOptions{})
	require.True(t, apierrors.IsForbidden(err), "%v", err)
	_, err = limited.CoreV1().Secrets(w.namespace).Patch(t.Context(), strings.TrimSuffix(out, "-out")+"-in", "application/merge-patch+json", []byte(`{"data":{}}`), metav1.PatchOptions{})
	require.True(t, apierrors.IsForbidden(err), "%v", err)
	cancel()
	require.Error(t, <-done)
	require.EventuallyWithT(t, func(c *assert.CollectT) { // an API server remembers for 10 s that a token was good
		_, err := limited.CoreV1().Secrets(w.namespace).Get(t.Context(), out, metav1.GetOptions{})
		assert.True(c, apierrors.IsUnauthorized(err), "the token ends with the Secret: %v", err)
	}, time.Minute, 200*time.Millisecond)
}

// A Job that was made and never let go, and that nobody came back for, is removed by whoever works in the namespace next.
func TestClusterContainerAbandoned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	left := func(name string, notes map[string]string) {
		job := &batchv1.Job{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app.kubernetes.io/name": "slipway-container"}, Annotations: notes},
			Spec: batchv1.JobSpec{Suspend: new(true), Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
				RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "job", Image: shellImage}},
			}}},
		}
		_, err := w.client.BatchV1().Jobs(w.namespace).Create(t.Context(), job, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	left("with-a-state", map[string]string{"slipway.dev/state": "kept"})
	left("abandoned", nil)
	_, err := w.driver.Provision(t.Context(), w.shell(w.request("d1", makes)))
	require.NoError(t, err)
	require.Equal(t, 3, w.countJobs(), "they are young")
	w.abandoned = time.Nanosecond
	w.act(w.admin)
	_, err = w.driver.Provision(t.Context(), w.shell(w.request("d2", makes)))
	require.NoError(t, err)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		_, err := w.client.BatchV1().Jobs(w.namespace).Get(t.Context(), "abandoned", metav1.GetOptions{})
		assert.True(c, apierrors.IsNotFound(err), "%v", err)
	}, time.Minute, 50*time.Millisecond)
	require.Equal(t, 3, w.countJobs(), "one with a state is its resource's to settle")
}
