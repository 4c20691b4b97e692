package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// jobModule is a Job with a deploy condition.
func jobModule(image string, deploy map[string]any) map[string]any {
	module := plainModule(image)
	module["profile"], module["deploy"] = "humanitec/default-job", deploy
	return module
}

// stagedWorkloads runs an application whose workloads are delivered in stages, with a secret, an image of a registry, a
// StatefulSet and an autoscaler, on the control plane of the instance.
func stagedWorkloads(i *instance) {
	const namespace, password = "work-development", "correct-horse-battery"
	t, ctx := i.t, context.Background()
	i.app("work")
	client := i.cluster()
	i.must(http.StatusCreated, http.MethodPost, org+"/registries", map[string]any{
		"id": "images", "registry": "registry.example.com", "type": "basic", "creds": map[string]any{"username": "ada", "password": password + "-pull"}})
	value := org + "/apps/work/values"
	i.must(http.StatusCreated, http.MethodPost, value, map[string]any{"key": "PASSWORD", "value": password, "description": "", "is_secret": true})
	api := plainModule("registry.example.com/api:1")
	api["externals"] = map[string]any{"hpa": map[string]any{"type": "horizontal-pod-autoscaler"}}
	spec := api["spec"].(map[string]any)
	spec["replicas"] = 7
	spec["containers"].(map[string]any)["main"].(map[string]any)["variables"] = map[string]any{"PASSWORD": "${values.PASSWORD}", "PLAIN": "p"}
	db := plainModule("postgres:17")
	db["profile"] = "humanitec/default-statefulset"
	first := i.succeeded("work", i.deploy("work", map[string]any{"delta_id": i.delta("work", map[string]any{"modules": map[string]any{"add": map[string]any{
		"api": api, "db": db,
		"migrate": jobModule("migrate:1", map[string]any{"when": "before", "success": "complete", "timeout": 120}),
		"smoke":   jobModule("smoke:1", map[string]any{"when": "after", "success": "available"}),
	}}})}))
	log := i.logText("work", first["id"].(string))
	require.Less(t, strings.Index(log, `stage 1 of 3: what is deployed "before"`), strings.Index(log, `stage 2 of 3: what is deployed "deploy"`), log)
	require.Contains(t, log, `stage 3 of 3: what is deployed "after"`)

	deployed := func() *appsv1.Deployment {
		d, err := client.AppsV1().Deployments(namespace).Get(ctx, "api", metav1.GetOptions{})
		require.NoError(t, err)
		return d
	}
	before := deployed()
	requireStages(t, client, namespace, before)
	require.NotEqual(t, int32(7), *before.Spec.Replicas, "the autoscaler decides")
	require.Equal(t, "slipway-registry-images", before.Spec.Template.Spec.ImagePullSecrets[0].Name)
	pull, err := client.CoreV1().Secrets(namespace).Get(ctx, "slipway-registry-images", metav1.GetOptions{})
	require.NoError(t, err)
	require.Contains(t, string(pull.Data[".dockerconfigjson"]), password+"-pull")
	requireNoSecret(t, before, password)

	i.succeeded("work", i.deploy("work", map[string]any{"comment": "nothing new"}))
	require.Equal(t, before.Generation, deployed().Generation, "what is unchanged rolls nothing")

	i.must(http.StatusOK, http.MethodPatch, value+"/PASSWORD", map[string]any{"value": password + "-2"})
	i.succeeded("work", i.deploy("work", map[string]any{"comment": "another password"}))
	after := deployed()
	require.NotEqual(t, before.Spec.Template.Annotations["checksum/secrets"], after.Spec.Template.Annotations["checksum/secrets"])
	require.Equal(t, before.Spec.Template.Annotations["checksum/config"], after.Spec.Template.Annotations["checksum/config"])
	require.Greater(t, after.Generation, before.Generation, "a changed secret rolls the pods")
	secret, err := client.CoreV1().Secrets(namespace).Get(ctx, "api-secrets-main", metav1.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, password+"-2", string(secret.Data["PASSWORD"]))
	requireNoSecret(t, after, password)

	failing := map[string]any{"modules": map[string]any{"update": map[string]any{
		"migrate": []any{
			map[string]any{"op": "add", "path": "/spec/pod", "value": map[string]any{"annotations": map[string]any{"slipway.dev/simulate": "Pending"}}},
			map[string]any{"op": "replace", "path": "/deploy/timeout", "value": 2},
		},
		"api": []any{map[string]any{"op": "replace", "path": "/spec/containers/main/image", "value": "registry.example.com/api:2"}},
	}}}
	id := i.deploy("work", map[string]any{"delta_id": i.delta("work", failing)})
	require.Equal(t, "failed", i.finished("work", id)["status"])
	require.Contains(t, fmt.Sprint(i.deploymentErrors("work", id)), "not ready after 2s (timeout of its deploy condition)")
	require.Equal(t, "registry.example.com/api:1", deployed().Spec.Template.Spec.Containers[0].Image, "what comes later is not delivered")

	id = i.deploy("work", map[string]any{"delta_id": i.delta("work", map[string]any{"modules": map[string]any{"update": map[string]any{
		"migrate": []any{map[string]any{"op": "replace", "path": "/deploy/timeout", "value": 3600}}}}})})
	i.eventually("the first stage is waited for", func() (bool, string) {
		log := i.logText("work", id)
		return strings.Contains(log, "delivered"), log
	})
	i.cancel(http.StatusAccepted, "work", id)
	i.requireCancelled("work", id)
	require.Equal(t, "registry.example.com/api:1", deployed().Spec.Template.Spec.Containers[0].Image)
	i.succeeded("work", i.deploy("work", map[string]any{"set_id": first["set_id"]}))
}

// requireStages checks that each stage began when the one before had come to its success.
func requireStages(t *testing.T, client kubernetes.Interface, namespace string, api *appsv1.Deployment) {
	t.Helper()
	migrate, err := client.BatchV1().Jobs(namespace).Get(context.Background(), "migrate", metav1.GetOptions{})
	require.NoError(t, err)
	require.NotNil(t, migrate.Status.CompletionTime)
	require.False(t, api.CreationTimestamp.Time.Before(migrate.Status.CompletionTime.Truncate(time.Second)), "the others come when the migration is complete")
	smoke, err := client.BatchV1().Jobs(namespace).Get(context.Background(), "smoke", metav1.GetOptions{})
	require.NoError(t, err)
	require.False(t, smoke.CreationTimestamp.Time.Before(api.CreationTimestamp.Time))
	set, err := client.AppsV1().StatefulSets(namespace).Get(context.Background(), "db", metav1.GetOptions{})
	require.NoError(t, err)
	require.EqualValues(t, 1, set.Status.ReadyReplicas)
}

func requireNoSecret(t *testing.T, object any, secret string) {
	t.Helper()
	raw, err := json.Marshal(object)
	require.NoError(t, err)
	require.NotContains(t, string(raw), secret)
}
