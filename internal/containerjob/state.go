package containerjob

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/container"
	"github.com/slipway-dev/slipway/internal/kubejobs"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/record"
	"github.com/slipway-dev/slipway/internal/sidecar"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	// harvestEvery is how often a state is taken out of the cluster while its Job works.
	harvestEvery = 2 * time.Second
	// harvestWithin is how long cluster or database may be away when a Job has ended.
	harvestWithin = 5 * time.Minute
	// terraformGrace is what the engine gets to finish what it has begun, and the sidecar to carry the state away, in seconds.
	terraformGrace = 900
)

// keepsState reports whether Slipway may have to keep the state of a spec.
func keepsState(s container.Spec) bool {
	return s.Terraform != nil && s.Terraform.State != container.StateOwn
}

// statePath is the file of the state below the shared folder.
func (a *attempt) statePath() string {
	if a.spec.Source == nil {
		return container.StateFile
	}
	return path.Join(a.spec.Source.Path, container.StateFile)
}

// harvest takes the state out of the cluster, when it has changed.
func (a *attempt) harvest(ctx context.Context) error {
	limit, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	secret, err := a.client.CoreV1().Secrets(a.spec.Namespace).Get(limit, a.name+"-state", metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil // the Job was never let go, or it is gone with all that it owned
	}
	if err != nil {
		return kubejobs.Failure(err, "read the state of Job %s", a.name)
	}
	if secret.ResourceVersion == a.hold.seen {
		return nil
	}
	raw, err := sidecar.Unpack(secret.Data[sidecar.StateKey])
	if err != nil {
		return fmt.Errorf("Secret %s/%s: %w", a.spec.Namespace, secret.Name, err)
	}
	if len(raw) > 0 {
		if err := a.hold.keep(limit, raw); err != nil && orchestrator.CodeOf(err) != orchestrator.CodePrecondition {
			return fmt.Errorf("keep the state of Job %s: %w", a.name, err)
		}
	}
	a.hold.seen = secret.ResourceVersion
	return nil
}

// reap waits until no container of the Job works any more, and takes its last state. On an error the Job is left as it is: the next
// attempt gets what this one could not.
func (a *attempt) reap(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, terraformGrace*time.Second+harvestWithin)
	defer stop()
	var err error
	for began := time.Now(); ; {
		var busy bool
		busy, err = a.busy(ctx)
		if err == nil && !busy {
			err = a.harvest(ctx)
		}
		if err == nil && !busy {
			return nil
		}
		if err == nil {
			began = time.Now()
		} else if time.Since(began) > harvestWithin {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, fmt.Errorf("the pod of Job %s does not end", a.name))
		case <-time.After(every):
		}
	}
}

// busy reports whether a pod of the Job has not ended.
func (a *attempt) busy(ctx context.Context) (bool, error) {
	limit, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	pods, err := a.client.CoreV1().Pods(a.spec.Namespace).List(limit, metav1.ListOptions{LabelSelector: batchv1.JobNameLabel + "=" + a.name})
	if err != nil {
		return false, kubejobs.Failure(err, "read the pods of Job %s", a.name)
	}
	for i := range pods.Items {
		if p := pods.Items[i].Status.Phase; p != corev1.PodSucceeded && p != corev1.PodFailed {
			return true, nil
		}
	}
	return false, nil
}

// release ends the run of a Job that has succeeded. The Job stays for its time, as others do: until now it had to be there.
func (a *attempt) release(ctx context.Context) error {
	if err := a.reap(ctx); err != nil {
		return err
	}
	if err := a.give(ctx, nil); err != nil {
		return err
	}
	limit, stop := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer stop()
	patch := fmt.Appendf(nil, `{"spec":{"ttlSecondsAfterFinished":%d}}`, int32(a.o.TTL.Seconds()))
	_, err := a.client.BatchV1().Jobs(a.spec.Namespace).Patch(limit, a.name, types.MergePatchType, patch, metav1.PatchOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return kubejobs.Failure(err, "let Job %s/%s go in time", a.spec.Namespace, a.name)
}

// halt ends what the Job does and leaves the Job and all that it owns: the sidecar has yet to carry the state away.
func (a *attempt) halt(ctx context.Context) error {
	limit, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	jobs := a.client.BatchV1().Jobs(a.spec.Namespace)
	job, err := jobs.Get(limit, a.name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) || err == nil && (ended(job) || job.DeletionTimestamp != nil) {
		return nil
	}
	if err == nil {
		_, err = jobs.Patch(limit, a.name, types.MergePatchType, []byte(`{"spec":{"suspend":true}}`), metav1.PatchOptions{})
	}
	if apierrors.IsNotFound(err) {
		return nil
	}
	return kubejobs.Failure(err, "stop Job %s/%s", a.spec.Namespace, a.name)
}

// give ends the run of the attempt, whose Job has ended with cause, nil for a success.
func (a *attempt) give(ctx context.Context, cause error) error {
	status, why, gone := record.Succeeded, "", a.spec.Action == container.Destroy
	if cause != nil {
		status, why, gone = record.Failed, a.redactor.String(cause.Error()), false
		if known := (*drivers.Error)(nil); errors.As(cause, &known) && known.Code == drivers.CodeInterrupted {
			status = record.Cancelled
		}
	}
	return a.hold.end(ctx, status, why, gone)
}

// settle ends the run of another Job that has the resource.
func (a *attempt) settle(ctx context.Context, r *record.Run) error {
	o, err := a.other(ctx, r)
	if err != nil {
		return err
	}
	job, err := o.client.BatchV1().Jobs(o.spec.Namespace).Get(ctx, o.name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return o.hold.end(ctx, record.Lost, "its Job is gone", false)
	}
	if err != nil {
		return kubejobs.Failure(err, "read Job %s/%s, which has the state of this resource", o.spec.Namespace, o.name)
	}
	if job.Spec.Suspend == nil || !*job.Spec.Suspend {
		a.say("waiting for the end of Job " + o.name + ", which has the state of this resource")
		if _, _, err := o.follow(ctx); err != nil {
			return err
		}
	}
	return o.put(ctx, errLeft)
}

var errLeft = errors.New("nobody waited for its end any more")

// put takes the state of a Job, ends its run and removes it.
func (a *attempt) put(ctx context.Context, cause error) error {
	if a.hold.fresh && !a.made {
		return a.give(ctx, cause) // there is nothing in the cluster
	}
	err := a.halt(ctx)
	if err == nil {
		err = a.reap(ctx)
	}
	if err == nil {
		err = a.give(ctx, cause)
	}
	if err == nil {
		err = kubejobs.RemoveAndWait(ctx, a.client, a.spec.Namespace, a.name)
	}
	return err
}

// other is the attempt of another run.
func (a *attempt) other(ctx context.Context, r *record.Run) (*attempt, error) {
	raw, err := a.o.Keeper.Decrypt(r.Spec, runner.SpecPlace(r.OrgID, r.ID))
	if err != nil {
		return nil, fmt.Errorf("open what run %s was to do: %w", r.ID, err)
	}
	var w order
	if err := json.Unmarshal(raw, &w); err != nil { //nolint:musttag // written by this package only
		return nil, fmt.Errorf("what run %s was to do is not readable", r.ID)
	}
	config, err := a.o.Connect(ctx, w.Spec)
	if err != nil {
		return nil, fmt.Errorf("Job %s of namespace %s has the state of this resource, and its cluster cannot be reached: %w", w.Job, w.Spec.Namespace, err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, drivers.Invalid("the cluster of Job %s cannot be reached: %v", w.Job, err)
	}
	o, err := a.attempt(client, w.Spec, a.say)
	if err != nil {
		return nil, err
	}
	o.name, o.hold = w.Job, a.holdOf(r)
	return o, nil
}
