package processnode

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// pod is one pod's life on the node.
type pod struct {
	node *Node
	spec *corev1.Pod
	dir  string

	publishing sync.Mutex // held over reading and writing a status, so that an older one never comes last

	mu       sync.Mutex
	boxes    map[string]*box
	status   corev1.PodStatus
	ending   chan struct{} // closed when the pod shall end
	grace    time.Duration
	deleted  chan struct{} // closed when the pod is to go
	evicted  bool
	goneOnce sync.Once
	endsOnce sync.Once
}

func newPod(n *Node, p *corev1.Pod) *pod {
	return &pod{
		node: n, spec: p.DeepCopy(), dir: filepath.Join(n.dir, string(p.UID)), boxes: map[string]*box{}, ending: make(chan struct{}), deleted: make(chan struct{}),
		status: corev1.PodStatus{Phase: corev1.PodPending},
	}
}

// end asks the pod to stop; SIGKILL follows after the grace time.
func (p *pod) end(grace time.Duration) {
	p.mu.Lock()
	first := p.grace == 0 || grace < p.grace
	p.grace = max(grace, time.Millisecond)
	p.mu.Unlock()
	p.goneOnce.Do(func() { close(p.deleted) })
	p.endsOnce.Do(func() { close(p.ending) })
	if first {
		time.AfterFunc(grace, p.killAll)
	}
}

func (p *pod) evict() {
	p.mu.Lock()
	p.evicted = true
	p.mu.Unlock()
	p.endsOnce.Do(func() { close(p.ending) })
	time.AfterFunc(3*time.Second, p.killAll)
}

func (p *pod) isEnding() bool {
	select {
	case <-p.ending:
		return true
	case <-p.node.ctx.Done():
		return true
	default:
		return false
	}
}

func (p *pod) killAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.boxes {
		b.signalKill("")
	}
}

func (p *pod) kill(container, reason string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.boxes[container]; b != nil {
		b.signalKill(reason)
	}
}

func (p *pod) pid(container string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.boxes[container]; b != nil {
		return b.pid()
	}
	return 0
}

// run is the whole life of the pod.
func (p *pod) run() {
	defer func() { _ = os.RemoveAll(filepath.Join(p.dir, "volumes")) }()
	phase := p.play()
	p.mu.Lock()
	p.status.Phase = phase
	if p.evicted {
		p.status.Phase, p.status.Reason, p.status.Message = corev1.PodFailed, "Evicted", "The node was low on resource: memory."
		p.status.Conditions = append(p.status.Conditions, corev1.PodCondition{
			Type: corev1.DisruptionTarget, Status: corev1.ConditionTrue, Reason: "TerminationByKubelet", Message: "The node was low on resource: memory.",
			LastTransitionTime: metav1.Now(),
		})
	}
	p.mu.Unlock()
	if p.node.ctx.Err() != nil {
		return
	}
	p.publish()
	select {
	case <-p.node.ctx.Done():
		return
	case <-p.deleted: // one that is evicted stays until then, to be looked at
	}
	_ = p.node.client.CoreV1().Pods(p.spec.Namespace).Delete(p.node.ctx, p.spec.Name, metav1.DeleteOptions{
		GracePeriodSeconds: new(int64), Preconditions: &metav1.Preconditions{UID: &p.spec.UID},
	})
}

// play runs the containers in their order and returns the phase in which the pod ends.
func (p *pod) play() corev1.PodPhase {
	p.mu.Lock()
	p.status.StartTime = new(metav1.Now())
	for _, c := range p.spec.Spec.InitContainers {
		p.boxes[c.Name] = newBox(p, c, true)
	}
	for _, c := range p.spec.Spec.Containers {
		p.boxes[c.Name] = newBox(p, c, false)
	}
	p.mu.Unlock()
	p.publish()
	if !p.mountVolumes() {
		return corev1.PodFailed
	}
	var helpers []*box
	defer func() { p.stopHelpers(helpers) }()
	for _, c := range p.spec.Spec.InitContainers {
		b := p.boxes[c.Name]
		if !b.start() {
			return corev1.PodFailed
		}
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			helpers = append(helpers, b)
			continue
		}
		if b.wait(); b.exit() != 0 || p.isEnding() {
			return corev1.PodFailed
		}
	}
	failed := false
	for _, c := range p.spec.Spec.Containers {
		failed = !p.boxes[c.Name].start() || failed
	}
	p.mu.Lock()
	p.status.Phase = corev1.PodRunning
	p.mu.Unlock()
	p.publish()
	for _, c := range p.spec.Spec.Containers {
		b := p.boxes[c.Name]
		b.wait()
		failed = failed || b.exit() != 0
	}
	p.stopHelpers(helpers)
	helpers = nil
	if failed {
		return corev1.PodFailed
	}
	return corev1.PodSucceeded
}

// stopHelpers ends restartable init containers, the last first.
func (p *pod) stopHelpers(helpers []*box) {
	for _, b := range slices.Backward(helpers) {
		grace := 30 * time.Second
		if s := p.spec.Spec.TerminationGracePeriodSeconds; s != nil {
			grace = time.Duration(*s) * time.Second
		}
		b.terminate()
		stop := time.AfterFunc(grace, func() { b.signalKill("") })
		b.wait()
		stop.Stop()
	}
}

// publish writes the status of the pod.
func (p *pod) publish() {
	p.publishing.Lock()
	defer p.publishing.Unlock()
	p.mu.Lock()
	s := *p.status.DeepCopy()
	s.InitContainerStatuses, s.ContainerStatuses = []corev1.ContainerStatus{}, []corev1.ContainerStatus{}
	for _, c := range p.spec.Spec.InitContainers {
		if b := p.boxes[c.Name]; b != nil {
			s.InitContainerStatuses = append(s.InitContainerStatuses, b.status())
		}
	}
	for _, c := range p.spec.Spec.Containers {
		if b := p.boxes[c.Name]; b != nil {
			s.ContainerStatuses = append(s.ContainerStatuses, b.status())
		}
	}
	p.mu.Unlock()
	s.HostIP, s.PodIP = "127.0.0.1", "127.0.0.1"
	ready := corev1.ConditionFalse
	if s.Phase == corev1.PodRunning {
		ready = corev1.ConditionTrue
	}
	s.Conditions = append(s.Conditions,
		corev1.PodCondition{Type: corev1.PodScheduled, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now()},
		corev1.PodCondition{Type: corev1.PodReady, Status: ready, LastTransitionTime: metav1.Now()})
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"uid": p.spec.UID}, "status": s})
	if err != nil {
		return
	}
	for range 5 {
		ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
		_, err = p.node.client.CoreV1().Pods(p.spec.Namespace).Patch(ctx, p.spec.Name, types.MergePatchType, patch, metav1.PatchOptions{}, "status")
		stop()
		if err == nil || p.node.ctx.Err() != nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	_, _ = fmt.Fprintf(os.Stderr, "processnode: the status of pod %s is not written: %v\n", p.spec.Name, err)
}
