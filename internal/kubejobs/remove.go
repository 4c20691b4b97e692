package kubejobs

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// Remove deletes a Job with its pods and what it owns. Pods get their grace time.
// A Job that is not there is fine.
func Remove(ctx context.Context, client kubernetes.Interface, namespace, name string) error {
	policy := metav1.DeletePropagationForeground // the Job is gone when its pods are
	err := client.BatchV1().Jobs(namespace).Delete(ctx, name, metav1.DeleteOptions{PropagationPolicy: &policy})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return Failure(err, "delete Job %s/%s", namespace, name)
}

// RemoveAndWait is Remove, and waits until the Job and its pods are gone.
func RemoveAndWait(ctx context.Context, client kubernetes.Interface, namespace, name string) error {
	if err := Remove(ctx, client, namespace, name); err != nil {
		return err
	}
	for {
		_, err := client.BatchV1().Jobs(namespace).Get(ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		select {
		case <-ctx.Done():
			return Failure(ctx.Err(), "wait for the end of Job %s/%s", namespace, name)
		case <-time.After(200 * time.Millisecond):
		}
	}
}
