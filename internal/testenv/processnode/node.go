// Package processnode adds a node to a Kubernetes control plane that runs the
// containers of its pods as processes of this machine. It is for tests of what
// runs in Jobs, where no cluster is at hand: images are names for programs, volumes
// are folders, and paths below a volume's mount path are rewritten in the command and
// the environment of a container. It does what a kubelet does with order, exit codes,
// termination with grace, restartable init containers and logs. It isolates nothing.
//
// Only pods with the node selector slipway.dev/process-node and a toleration for
// the taint of that name run here.
package processnode

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// Label is the label and the taint of the node.
const Label = "slipway.dev/process-node"

// Options say what runs.
type Options struct {
	// Kubeconfig is an administrator's.
	Kubeconfig string
	// Images are the images that can be pulled, and the command of each (its entrypoint).
	Images map[string][]string
	// Programs are what images have on their PATH: the first word of a command, and what is run for it.
	Programs map[string][]string
}

// Node is one node. Safe for concurrent use.
type Node struct {
	Name    string
	options Options
	config  *rest.Config
	client  kubernetes.Interface
	dir     string
	ctx     context.Context
	tell    func(format string, args ...any)

	mu      sync.Mutex
	pods    map[types.UID]*pod
	running sync.WaitGroup
}

// Start adds a node until the test is over.
func Start(t testing.TB, o Options) *Node {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", o.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS, config.Burst = 500, 1000
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "slipway-node-") //nolint:usetesting // its name becomes the node's, and pods may outlive the test function
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	n := &Node{
		Name: "process-" + filepath.Base(dir)[len("slipway-node-"):], options: o, config: config, client: client, dir: dir, ctx: ctx,
		pods: map[types.UID]*pod{}, tell: t.Logf,
	}
	port, shut := n.serveLogs()
	err = n.register(port)
	if err == nil {
		err = n.watch()
	}
	t.Cleanup(func() {
		stop()
		n.running.Wait()
		shut()
		_ = client.CoreV1().Nodes().Delete(context.Background(), n.Name, metav1.DeleteOptions{})
		_ = os.RemoveAll(dir)
	})
	if err != nil {
		t.Fatalf("start a node for processes: %v", err)
	}
	return n
}

// Template is the part of a pod template that brings a pod to this node.
func (n *Node) Template() map[string]any {
	return map[string]any{"spec": map[string]any{
		"nodeSelector": map[string]any{Label: n.Name},
		"tolerations":  []any{map[string]any{"key": Label, "operator": "Exists"}},
	}}
}

func (n *Node) register(port int) error {
	size := corev1.ResourceList{
		corev1.ResourceCPU: resource.MustParse("32"), corev1.ResourceMemory: resource.MustParse("128Gi"), corev1.ResourcePods: resource.MustParse("200"),
	}
	node := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: n.Name, Labels: map[string]string{Label: n.Name, "kubernetes.io/hostname": n.Name, "kubernetes.io/os": "linux"}},
		Spec:       corev1.NodeSpec{Taints: []corev1.Taint{{Key: Label, Value: n.Name, Effect: corev1.TaintEffectNoSchedule}}},
		Status:     corev1.NodeStatus{Capacity: size, Allocatable: size},
	}
	if _, err := n.client.CoreV1().Nodes().Create(n.ctx, node, metav1.CreateOptions{}); err != nil {
		return err
	}
	beat := func() error {
		now := metav1.Now().UTC().Format(time.RFC3339)
		patch, err := json.Marshal(map[string]any{"status": map[string]any{
			"addresses":       []any{map[string]any{"type": "InternalIP", "address": "127.0.0.1"}},
			"daemonEndpoints": map[string]any{"kubeletEndpoint": map[string]any{"Port": port}},
			"conditions":      []any{map[string]any{"type": "Ready", "status": "True", "reason": "KubeletReady", "lastHeartbeatTime": now, "lastTransitionTime": now}},
		}})
		if err != nil {
			return err
		}
		_, err = n.client.CoreV1().Nodes().Patch(n.ctx, n.Name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
		return err
	}
	if err := beat(); err != nil {
		return err
	}
	go func() {
		for {
			select {
			case <-n.ctx.Done():
				return
			case <-time.After(5 * time.Second):
				_ = beat() // the next one may get through
			}
		}
	}()
	return nil
}

func (n *Node) watch() error {
	source := cache.NewListWatchFromClient(n.client.CoreV1().RESTClient(), "pods", "", fields.OneTermEqualSelector("spec.nodeName", n.Name))
	_, informer := cache.NewInformerWithOptions(cache.InformerOptions{
		ListerWatcher: source, ObjectType: &corev1.Pod{},
		Handler: cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { n.see(o.(*corev1.Pod), false) },
			UpdateFunc: func(_, o any) { n.see(o.(*corev1.Pod), false) },
			DeleteFunc: func(o any) {
				if gone, ok := o.(cache.DeletedFinalStateUnknown); ok {
					o = gone.Obj
				}
				n.see(o.(*corev1.Pod), true)
			},
		},
	})
	go informer.Run(n.ctx.Done())
	if !cache.WaitForCacheSync(n.ctx.Done(), informer.HasSynced) {
		return fmt.Errorf("the pods of the node cannot be watched")
	}
	return nil
}

// see takes note of what the control plane says about a pod.
func (n *Node) see(p *corev1.Pod, gone bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	one, known := n.pods[p.UID]
	if !known {
		if gone || p.Status.Phase == corev1.PodSucceeded || p.Status.Phase == corev1.PodFailed {
			return
		}
		one = newPod(n, p)
		n.pods[p.UID] = one
		n.running.Add(1)
		go func() { defer n.running.Done(); one.run() }()
	}
	if gone {
		one.end(0)
		return
	}
	if p.DeletionTimestamp != nil && p.DeletionGracePeriodSeconds != nil {
		one.end(time.Duration(*p.DeletionGracePeriodSeconds) * time.Second)
	}
}

func (n *Node) find(namespace, name string) *pod {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range n.pods {
		if p.spec.Namespace == namespace && p.spec.Name == name {
			return p
		}
	}
	return nil
}

// PID is the process of a container; 0 when it does not run.
func (n *Node) PID(namespace, name, container string) int {
	if p := n.find(namespace, name); p != nil {
		return p.pid(container)
	}
	return 0
}

// OutOfMemory kills a container as the kernel does when it uses more memory than its limit.
func (n *Node) OutOfMemory(namespace, name, container string) {
	if p := n.find(namespace, name); p != nil {
		p.kill(container, "OOMKilled")
	}
}

// Evict ends a pod as a node does that is short of something: with little grace, and the reason in its status.
func (n *Node) Evict(namespace, name string) {
	if p := n.find(namespace, name); p != nil {
		p.evict()
	}
}
