package runner_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/jobs"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/internal/testenv/processnode"
)

// cluster is a world whose runners are Jobs on a node that runs processes.
type cluster struct {
	*world
	client    kubernetes.Interface
	namespace string
	node      *processnode.Node
	options   jobs.Options
}

const image = "registry.example.com/slipway:test"

func newCluster(t *testing.T) *cluster {
	t.Helper()
	kubeconfig := testenv.Kubernetes(t)
	c := &cluster{world: newWorld(t).mortal()}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	config.QPS, config.Burst = 200, 400
	c.client, err = kubernetes.NewForConfig(config)
	require.NoError(t, err)
	made, err := c.client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "runners-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	c.namespace = made.Name
	t.Cleanup(func() { _ = c.client.CoreV1().Namespaces().Delete(ctx, c.namespace, metav1.DeleteOptions{}) })
	c.node = processnode.Start(t, processnode.Options{
		Kubeconfig: kubeconfig, Images: map[string][]string{image: nil}, Programs: map[string][]string{"slipway": {os.Args[0]}},
	})
	keyset, err := os.ReadFile(c.settings.KeysetFile)
	require.NoError(t, err)
	_, err = c.client.CoreV1().Secrets(c.namespace).Create(ctx, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "slipway-runner"},
		Data:       map[string][]byte{"database-url": []byte(c.settings.DatabaseURL), "keyset.json": keyset},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	c.options = jobs.Options{
		Client: c.client, Namespace: c.namespace, Image: image, Secret: "slipway-runner", Template: c.node.Template(),
		Settings: c.settings, StartTimeout: time.Minute, Patience: 2 * time.Second,
	}
	c.use(func(*jobs.Options) {})
	return c
}

// use makes the driver with other options.
func (c *cluster) use(change func(*jobs.Options)) {
	c.t.Helper()
	change(&c.options)
	launcher, err := jobs.New(c.options)
	require.NoError(c.t, err)
	c.service = runner.NewService(runner.ServiceOptions{Store: c.store, Keeper: c.keeper, Launcher: launcher, Timing: c.settings.Timing})
	c.driver = terraform.New(c.service)
}

func (c *cluster) jobs() []batchv1.Job {
	c.t.Helper()
	list, err := c.client.BatchV1().Jobs(c.namespace).List(ctx, metav1.ListOptions{})
	require.NoError(c.t, err)
	return list.Items
}

func (c *cluster) pod() corev1.Pod {
	c.t.Helper()
	var out corev1.Pod
	c.until("a pod", func() bool {
		list, err := c.client.CoreV1().Pods(c.namespace).List(ctx, metav1.ListOptions{})
		if err == nil && len(list.Items) > 0 {
			out = list.Items[0]
		}
		return out.Name != ""
	})
	return out
}

func TestClusterRunnerIsAJob(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	r := c.request("d1", oneRecord, map[string]any{"name": "one"})
	r.Secrets = map[string]any{"variables": map[string]any{"secret": "canary-of-an-input"}}
	res, err := c.provision(r)
	require.NoError(t, err)
	require.Equal(t, "canary-of-an-input", res.Secrets["password"])
	require.Len(t, c.jobs(), 1)
	require.Equal(t, int32(600), *c.jobs()[0].Spec.TTLSecondsAfterFinished)
	run := c.newest(r)
	require.Equal(t, c.pod().Name, run.Host, "the runner is in the pod")

	update := c.request("d2", oneRecord, map[string]any{"name": "one", "value": "w"})
	_, err = c.provision(update)
	require.NoError(t, err)
	require.NoError(t, c.driver.Destroy(ctx, update))
	require.Empty(t, c.records.Named("one"))
	require.Len(t, c.jobs(), 3, "a Job for each run")

	pods, err := c.client.CoreV1().Pods(c.namespace).List(ctx, metav1.ListOptions{})
	require.NoError(t, err)
	events, err := c.client.CoreV1().Events(c.namespace).List(ctx, metav1.ListOptions{})
	require.NoError(t, err)
	shown, err := json.Marshal([]any{c.jobs(), pods, events})
	require.NoError(t, err)
	require.NotContains(t, string(shown), "canary", "neither settings nor inputs are in what the cluster shows")
}

// Whoever dies, every record is made once.
func TestClusterRunnerWorkerDies(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	r := c.threeSlowRecords()
	begun, stop := context.WithCancelCause(ctx)
	first := c.background(begun, r)
	c.until("the second is asked for", func() bool { return c.records.Asked("b") > 0 })
	stop(runner.ErrDetach)
	require.Error(t, c.wait(first))
	_, err := c.provision(r)
	require.NoError(t, err)
	c.requireEachOnce(t)
	require.Len(t, c.jobs(), 1, "the second attempt has found the runner of the first")
}

func TestClusterRunnerPodDies(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(c *cluster, pod string){
		"kill -9": func(c *cluster, pod string) {
			require.NoError(c.t, syscall.Kill(c.node.PID(c.namespace, pod, "runner"), syscall.SIGKILL))
		},
		"out of memory": func(c *cluster, pod string) { c.node.OutOfMemory(c.namespace, pod, "runner") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			r := c.threeSlowRecords()
			done := c.background(ctx, r)
			c.until("the first is made", func() bool { return c.records.Created("a") > 0 })
			kill(c, c.pod().Name)
			err := c.wait(done)
			if err != nil { // it died between a create and the word of it: a person is asked, and nothing is made twice
				require.ErrorContains(t, err, "waits for a person")
			}
			for _, one := range []string{"a", "b", "c"} {
				require.LessOrEqual(t, c.records.Created(one), 1, one)
			}
			c.mu.Lock()
			said := strings.Join(c.lines, "\n")
			c.mu.Unlock()
			want := map[string]string{"kill -9": "exit code 137", "out of memory": "OOMKilled"}[name]
			require.Contains(t, said, want, "the log says how the runner died")
		})
	}
}

func TestClusterRunnerCancel(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	r := c.threeSlowRecords()
	begun, stop := context.WithCancel(ctx)
	done := c.background(begun, r)
	c.until("the first is asked for", func() bool { return c.records.Asked("a") > 0 })
	stop()
	require.Error(t, c.wait(done))
	require.Equal(t, record.Cancelled, c.newest(r).Status)
	require.Zero(t, c.records.Created("c"))
}

// An evicted runner stops in order, as one that is cancelled: what it made is known.
func TestClusterRunnerEvicted(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	r := c.threeSlowRecords()
	done := c.background(ctx, r)
	c.until("the first is asked for", func() bool { return c.records.Asked("a") > 0 })
	c.node.Evict(c.namespace, c.pod().Name)
	require.Error(t, c.wait(done))
	_, err := c.provision(r)
	require.NoError(t, err)
	c.requireEachOnce(t)
}

func TestClusterRunnerDoesNotStart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*jobs.Options)
		reason string
	}{
		"no such image":  {func(o *jobs.Options) { o.Image = "registry.example.com/nothing:1" }, "ImagePullBackOff"},
		"no such secret": {func(o *jobs.Options) { o.Secret = "nothing" }, "not found"},
		"no node takes it": {func(o *jobs.Options) {
			o.Template, o.StartTimeout = map[string]any{"spec": map[string]any{"nodeSelector": map[string]any{"no": "node"}}}, 4*time.Second
		}, "no node takes pod"},
		"no such service account": {func(o *jobs.Options) { o.ServiceAccount = "nobody" }, "serviceaccount \"nobody\" not found"},
		"no such namespace":       {func(o *jobs.Options) { o.Namespace = "nowhere" }, "there is no such namespace"},
		"ends at once": {func(o *jobs.Options) {
			o.Template = mergedCommand(o.Template, "false")
		}, "exit code 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCluster(t)
			w.use(c.change)
			began := time.Now()
			_, err := w.provision(w.request("d1", oneRecord, map[string]any{"name": "one"}))
			require.ErrorContains(t, err, c.reason)
			require.ErrorContains(t, err, "the runner of Terraform did not start")
			require.Less(t, time.Since(began), 4*time.Minute, "long before the time is over that a runner has to start")
		})
	}
}

func mergedCommand(template map[string]any, command string) map[string]any {
	out := drivers.CloneMap(template)
	out["spec"].(map[string]any)["containers"] = []any{map[string]any{"name": "runner", "command": []any{command}}}
	return out
}
