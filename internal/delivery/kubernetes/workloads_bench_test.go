package kubernetes_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// benchWorkloads is one large environment: each has a Deployment of one pod, a Service and a ConfigMap.
const benchWorkloads = 100

func workloadDocuments() []string {
	var documents []string
	for i := range benchWorkloads {
		name := fmt.Sprintf("w%d", i)
		documents = append(documents, configMap(name, "1"), deployment(name, 1, ""),
			fmt.Sprintf("apiVersion: v1\nkind: Service\nmetadata: {name: %[1]s, namespace: NS}\nspec: {selector: {app: %[1]s}, ports: [{port: 80}]}", name))
	}
	return documents
}

// plainApply is what `kubectl apply --server-side` does: one object after the other.
func (e *env) plainApply(ctx context.Context, documents []string) error {
	plurals := map[string]string{"Namespace": "v1/namespaces", "ConfigMap": "v1/configmaps", "Service": "v1/services", "Deployment": "apps/v1/deployments"}
	for _, o := range e.objects(append([]string{"apiVersion: v1\nkind: Namespace\nmetadata: {name: NS}"}, documents...)...) {
		body, err := json.Marshal(o.Tree)
		if err != nil {
			return err
		}
		if _, err := e.resource(plurals[o.Kind()], o.Namespace()).Patch(ctx, o.Name(), types.ApplyPatchType, body, metav1.PatchOptions{FieldManager: "plain"}); err != nil {
			return err
		}
	}
	return nil
}

// plainReady waits as `kubectl rollout status` does, for all by one list.
func (e *env) plainReady(ctx context.Context) error {
	for {
		list, err := e.resource("apps/v1/deployments", e.namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		ready := 0
		for i := range list.Items {
			if result, err := status.Compute(&list.Items[i]); err == nil && result.Status == status.CurrentStatus {
				ready++
			}
		}
		if ready == benchWorkloads {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// BenchmarkWorkloads brings 100 workloads to an empty namespace and waits until they are ready, in turn by Slipway and plainly, and
// reports the ratio of the two. alloc-MB is what one delivery and rollout allocate in all, live-MB what is held after it.
func BenchmarkWorkloads(b *testing.B) {
	documents := workloadDocuments()
	var apply, ready, plainApply, plainReady time.Duration
	var allocated, live uint64
	for b.Loop() {
		e := newEnv(b)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		started := time.Now()
		e.delivered(documents...)
		apply += time.Since(started)
		require.NoError(b, e.delivery.Watch(b.Context(), e.request))
		ready += time.Since(started)
		runtime.ReadMemStats(&after)
		allocated += after.TotalAlloc - before.TotalAlloc
		runtime.GC()
		runtime.ReadMemStats(&after)
		live += after.HeapAlloc
		_, err := e.remove()
		require.NoError(b, err)

		plain := newEnv(b)
		started = time.Now()
		require.NoError(b, plain.plainApply(b.Context(), documents))
		plainApply += time.Since(started)
		require.NoError(b, plain.plainReady(b.Context()))
		plainReady += time.Since(started)
		require.NoError(b, plain.resource("v1/namespaces", "").Delete(b.Context(), plain.namespace, metav1.DeleteOptions{}))
		plain.gone("v1/namespaces", "", plain.namespace)
	}
	b.ReportMetric(apply.Seconds()/float64(b.N), "apply-s")
	b.ReportMetric(plainApply.Seconds()/float64(b.N), "plain-apply-s")
	b.ReportMetric(apply.Seconds()/plainApply.Seconds(), "apply-ratio")
	b.ReportMetric(ready.Seconds()/float64(b.N), "ready-s")
	b.ReportMetric(plainReady.Seconds()/float64(b.N), "plain-ready-s")
	b.ReportMetric(ready.Seconds()/plainReady.Seconds(), "ready-ratio")
	b.ReportMetric(float64(allocated)/float64(b.N)/(1<<20), "alloc-MB")
	b.ReportMetric(float64(live)/float64(b.N)/(1<<20), "live-MB")
}
